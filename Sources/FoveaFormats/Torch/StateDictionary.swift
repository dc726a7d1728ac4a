import FoveaSystem

/// The tensors of a pickle that are weights, and what was beside them.
struct StateDictionary {
  private(set) var tensors: [(name: String, tensor: TorchTensor)] = []
  private(set) var metadata: [String: String] = [:]
  private(set) var notes: [String] = []

  private let machine: PickleMachine
  private let bytes: ByteRange
  /// Whether each dictionary of the machine has a tensor under some name; a file may mention one often.
  private let holdsTensors: [Bool]

  /// Names under which training programs keep what a model is made of, in the order they are tried.
  private static let usualNames = [
    "state_dict", "model_state_dict", "model_state", "model", "net", "network", "module", "weights",
    "params", "ema_state_dict", "state_dict_ema", "params_ema", "model_ema",
  ]
  /// Longer texts are no facts about a training.
  private static let longestText = 1024
  /// What wrappers put before every name.
  private static let usualPrefixes = ["module.", "_orig_mod."]

  /// Finds the weights in what a pickle made.
  init(_ root: PickleValue, _ machine: PickleMachine) throws(FileError) {
    self.machine = machine
    bytes = machine.cursor.bytes
    holdsTensors = machine.dictionaries.map { entries in
      entries.contains { key, value in
        guard case .text = key, case .tensor = value else { return false }
        return true
      }
    }
    guard case .dictionary(let dictionary) = root else {
      throw bytes.error(
        in: "the pickle", found: root.words, expected: "a dictionary of tensors",
        hint: "in Python: torch.save(model.state_dict(), “weights.pth”)")
    }
    let path = try choose(dictionary)
    try collect(path.last ?? dictionary, isRoot: path.isEmpty)
    stripPrefixes()
  }

  private func entries(_ dictionary: Int) throws(FileError) -> [(name: String, value: PickleValue)]
  {
    var entries: [(name: String, value: PickleValue)] = []
    var seen: Set<String> = []
    for (key, value) in machine.dictionaries[dictionary] {
      // Names that are no text belong to an optimizer, not to weights.
      guard case .text(let name) = key else { continue }
      guard seen.insert(name).inserted else {
        throw bytes.error(
          in: quoted(name), found: "this name for the second time", expected: "every name once")
      }
      entries.append((name, value))
    }
    return entries
  }

  /// The dictionaries from the root down to the one that holds the weights; none when it is the root.
  private mutating func choose(_ root: Int) throws(FileError) -> [Int] {
    if holdsTensors[root] { return [] }
    var place = root
    var names: [String] = []
    // Deeper than this nobody keeps weights, and a cycle has no end.
    for _ in 0..<3 {
      let inner = try entries(place).compactMap { name, value -> (name: String, place: Int)? in
        guard case .dictionary(let dictionary) = value else { return nil }
        return (name, dictionary)
      }
      let holders = inner.filter { holdsTensors[$0.place] }
      let usual = StateDictionary.usualNames
      let chosen =
        usual.lazy.compactMap { name in holders.first { $0.name == name } }.first
        ?? (holders.count == 1 ? holders[0] : nil)
      if let chosen {
        names.append(chosen.name)
        try describe(root, chosen: names)
        let others = holders.map(\.name).filter { $0 != chosen.name }
        if !others.isEmpty {
          notes.append("more tensors were not read: \(listing(others.map(quoted)))")
        }
        return [chosen.place]
      }
      guard holders.isEmpty else {
        throw bytes.error(
          in: "the pickle",
          found: "tensors in several dictionaries: \(listing(holders.map { quoted($0.name) }))",
          expected: "one of them to be called “state_dict” or “model”")
      }
      guard
        let next = usual.lazy.compactMap({ name in inner.first { $0.name == name } }).first
      else { break }
      names.append(next.name)
      place = next.place
    }
    let found = try entries(root).map { "\(quoted($0.name))" }
    throw bytes.error(
      in: "the pickle",
      found: found.isEmpty ? "an empty dictionary" : "no tensors in \(listing(found))",
      expected: "a dictionary of tensors",
      hint: "in Python: torch.save(model.state_dict(), “weights.pth”)")
  }

  /// Says what was chosen, and keeps the plain values beside it.
  private mutating func describe(_ root: Int, chosen: [String]) throws(FileError) {
    var beside: [String] = []
    for (name, value) in try entries(root) where name != chosen.first {
      beside.append(quoted(name))
      keep(name, value)
    }
    let others = beside.isEmpty ? "" : "; beside it: \(listing(beside))"
    notes.append("the weights are \(quoted(chosen.joined(separator: ".")))\(others)")
  }

  private mutating func keep(_ name: String, _ value: PickleValue) {
    switch value {
    case .integer(let number): metadata[name] = String(number)
    case .number(let number): metadata[name] = String(number)
    case .text(let text) where text.utf8.count <= StateDictionary.longestText:
      metadata[name] = text
    case .flag(let flag): metadata[name] = flag ? "true" : "false"
    default: break
    }
  }

  private mutating func collect(_ dictionary: Int, isRoot: Bool) throws(FileError) {
    var others: [String] = []
    for (name, value) in try entries(dictionary) {
      if case .tensor(let tensor) = value {
        tensors.append((name, machine.tensors[tensor]))
      } else {
        others.append(quoted(name))
        if isRoot { keep(name, value) }
      }
    }
    if !others.isEmpty { notes.append("not a tensor, left out: \(listing(others))") }
  }

  /// Takes away what wrappers put before every name.
  private mutating func stripPrefixes() {
    // Nobody wraps more often than this.
    for _ in 0..<4 {
      let prefix = StateDictionary.usualPrefixes.first { prefix in
        tensors.allSatisfy {
          $0.name.utf8.starts(with: prefix.utf8) && $0.name.utf8.count > prefix.utf8.count
        }
      }
      guard let prefix else { return }
      tensors = tensors.map {
        (String(decoding: $0.name.utf8.dropFirst(prefix.utf8.count), as: UTF8.self), $0.tensor)
      }
      notes.append("removed \(quoted(prefix)) from the beginning of \(tensors.count) names")
    }
  }
}
