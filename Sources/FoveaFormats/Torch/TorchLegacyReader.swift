import FoveaSystem

/// Reads what PyTorch saved before 1.6: five pickles, then the storages one after the other.
enum TorchLegacyReader {
  private static let protocolVersion = 1001

  static func read(_ file: ByteRange, _ limits: ReadLimits) throws(FileError) -> Weights {
    var budget = ReadBudget(limits, fileSize: file.count)
    var cursor = ByteCursor(file)
    // The magic number was recognised already.
    _ = try next(&cursor, limits)
    let version = try next(&cursor, limits).value
    guard version == .integer(protocolVersion) else {
      throw file.error(
        in: "the protocol", found: version.words, expected: "the number \(protocolVersion)")
    }
    try checkSystem(next(&cursor, limits), file)
    let (root, machine) = try next(&cursor, limits)
    let dictionary = try StateDictionary(root, machine)
    let (keys, list) = try next(&cursor, limits)
    let bytes = try storages(list.elements(of: keys, "the names of storages"), machine, &cursor)
    guard cursor.rest == 0 else {
      throw file.error(
        at: cursor.position, found: "\(cursor.rest) bytes behind the last storage",
        expected: "the end of the file")
    }
    return try TorchWeights.make(
      dictionary, machine, .torchLegacy, &budget, bytes: bytes, limits)
  }

  private static func next(
    _ cursor: inout ByteCursor, _ limits: ReadLimits
  ) throws(FileError) -> (value: PickleValue, machine: PickleMachine) {
    var machine = PickleMachine(cursor, limits)
    let value = try machine.run()
    cursor = machine.cursor
    return (value, machine)
  }

  private static func checkSystem(
    _ system: (value: PickleValue, machine: PickleMachine), _ file: ByteRange
  ) throws(FileError) {
    guard case .dictionary(let dictionary) = system.value else {
      throw file.error(
        in: "the facts of the system", found: system.value.words, expected: "a dictionary")
    }
    for (key, value) in system.machine.dictionaries[dictionary] where key == .text("little_endian")
    {
      guard value == .flag(true) else {
        throw file.error(
          in: "“little_endian”", found: value.words, expected: "True",
          hint: "save it again on a machine of today's kind")
      }
    }
  }

  /// The bytes of every storage, which follow in the order of `keys`, each behind its size.
  private static func storages(
    _ keys: [PickleValue], _ machine: PickleMachine, _ cursor: inout ByteCursor
  ) throws(FileError) -> [String: ByteRange] {
    var known: [String: TorchStorage] = [:]
    for storage in machine.storages {
      if let other = known[storage.key], other.type != storage.type || other.count != storage.count
      {
        throw cursor.bytes.error(
          at: storage.place, found: "another type or size of storage \(quoted(storage.key))",
          expected: "\(other.count) elements of \(other.type.rawValue), as before")
      }
      known[storage.key] = storage
    }
    var bytes: [String: ByteRange] = [:]
    for key in keys {
      guard case .text(let name) = key, let storage = known[name],
        let byteCount = storage.byteCount
      else {
        throw cursor.bytes.error(
          at: cursor.position, found: "\(key.words) among the names of storages",
          expected: "a storage that a tensor uses")
      }
      let start = cursor.position
      let count = try cursor.number(8, "the size of a storage")
      guard count == storage.count else {
        throw cursor.bytes.error(
          at: start, found: "\(count) elements of storage \(quoted(name))",
          expected: "\(storage.count), as its tensors say")
      }
      let data = try cursor.take(byteCount, "storage \(quoted(name))")
      guard bytes.updateValue(data, forKey: name) == nil else {
        throw cursor.bytes.error(
          at: start, found: "storage \(quoted(name)) for the second time",
          expected: "every storage once")
      }
    }
    return bytes
  }
}
