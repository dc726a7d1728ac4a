/// Pickles by their opcodes.
enum PickleBuilder {
  static let start: [UInt8] = [0x80, 2]
  static let stop: [UInt8] = [UInt8(ascii: ".")]
  static let mark: [UInt8] = [UInt8(ascii: "(")]
  static let tuple: [UInt8] = [UInt8(ascii: "t")]
  static let reduce: [UInt8] = [UInt8(ascii: "R")]
  static let dictionary: [UInt8] = [UInt8(ascii: "}")]
  static let list: [UInt8] = [UInt8(ascii: "]")]
  static let set: [UInt8] = [UInt8(ascii: "s")]
  static let none: [UInt8] = [UInt8(ascii: "N")]
  static let no: [UInt8] = [0x89]

  /// One after the other; long chains of `+` take the compiler too long.
  static func join(_ parts: [UInt8]...) -> [UInt8] { Array(parts.joined()) }

  static func op(_ character: Unicode.Scalar) -> [UInt8] { [UInt8(ascii: character)] }

  static func text(_ text: String) -> [UInt8] {
    op("X") + little(UInt64(text.utf8.count), 4) + Array(text.utf8)
  }

  static func number(_ value: Int) -> [UInt8] {
    [0x8A, 8] + little(UInt64(bitPattern: Int64(value)), 8)
  }

  static func numbers(_ values: [Int]) -> [UInt8] { mark + values.flatMap(number) + tuple }

  static func global(_ module: String, _ name: String) -> [UInt8] {
    op("c") + Array("\(module)\n\(name)\n".utf8)
  }

  static func storage(
    _ count: Int, _ type: String = "FloatStorage", key: String = "0", view: [UInt8]? = nil
  ) -> [UInt8] {
    mark + text("storage") + global("torch", type) + text(key) + text("cpu") + number(count)
      + (view ?? []) + tuple + op("Q")
  }

  static func tensor(
    _ sizes: [Int], _ strides: [Int], offset: Int = 0, storage: [UInt8]
  ) -> [UInt8] {
    global("torch._utils", "_rebuild_tensor_v2") + mark + storage + number(offset)
      + numbers(sizes) + numbers(strides) + no + global("collections", "OrderedDict") + op(")")
      + reduce + tuple + reduce
  }

  /// A pickle of a dictionary with one entry.
  static func weights(_ value: [UInt8], name: String = "a") -> [UInt8] {
    start + dictionary + text(name) + value + set + stop
  }

  /// A file of PyTorch's with this pickle and these storages.
  static func file(_ pickle: [UInt8], _ storages: [String: [UInt8]] = ["0": zeros(16)]) -> [UInt8] {
    let data = storages.sorted { $0.key < $1.key }
      .map { ZipBuilder.Entry("archive/data/\($0.key)", $0.value) }
    return ZipBuilder([ZipBuilder.Entry("archive/data.pkl", pickle)] + data).bytes
  }

  static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

  static let legacyMagic: [UInt8] = [
    0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
  ]

  /// A file from before 1.6.
  static func legacy(
    _ pickle: [UInt8], version: Int = 1001, system: [UInt8] = start + dictionary + stop,
    keys: [String] = ["0"], storages: [UInt8]
  ) -> [UInt8] {
    let names = start + list + mark + keys.flatMap(text) + op("e") + stop
    return legacyMagic + start + number(version) + stop + system + pickle + names + storages
  }
}
