import FoveaSystem

extension PickleMachine {
  /// What calling a known function with these arguments would give.
  mutating func reduce() throws(FileError) {
    let arguments = try pop()
    let function = try pop()
    guard case .callable(let callable) = function, case .tuple(let tuple) = arguments else {
      throw error("a call of \(function.words) with \(arguments.words)", "a known function")
    }
    let values = tuples[tuple]
    switch callable {
    case .orderedDictionary: try makeDictionary(values)
    case .tensor: try makeTensor(values)
    case .parameter:
      guard case .tensor? = values.first, values.count == 3 else {
        throw error("a parameter made of \(values.count) values", "a tensor and two more")
      }
      push(values[0])
    case .storage: throw error("a call of \(function.words)", "storages by reference")
    }
  }

  /// An ordered dictionary, empty or from a list of pairs.
  private mutating func makeDictionary(_ arguments: [PickleValue]) throws(FileError) {
    guard arguments.count <= 1 else {
      throw error("a dictionary made of \(arguments.count) values", "at most a list of pairs")
    }
    try pushDictionary()
    guard let pairs = arguments.first else { return }
    for pair in try elements(of: pairs, "the pairs of a dictionary") {
      let both = try elements(of: pair, "a pair")
      guard both.count == 2 else {
        throw error("\(both.count) values", "a key and a value")
      }
      try count()
      try set(both)
    }
  }

  private mutating func makeTensor(_ arguments: [PickleValue]) throws(FileError) {
    guard (4...7).contains(arguments.count), case .storage(let storage) = arguments[0],
      case .integer(let offset) = arguments[1], offset >= 0
    else {
      throw error(
        "a tensor made of \(listing(arguments.map(\.words)))",
        "a storage, an offset, sizes and strides")
    }
    // A seventh argument marks values that are to be conjugated or negated.
    if arguments.count == 7, case .dictionary(let marks) = arguments[6],
      !dictionaries[marks].isEmpty
    {
      throw error("a tensor with marks for later operations", "a plain one")
    }
    let sizes = try integers(arguments[2], "sizes")
    let strides = try integers(arguments[3], "strides")
    guard sizes.count == strides.count else {
      throw error("\(sizes.count) sizes and \(strides.count) strides", "as many")
    }
    let tensor = TorchTensor(
      storage: storage, offset: offset, sizes: sizes, strides: strides, place: place)
    try tensor.check(inside: storages[storage]) { error($0, $1) }
    try count()
    tensors.append(tensor)
    push(.tensor(tensors.count - 1))
  }

  /// Attributes of dictionaries, such as versions of layers, are not needed; nothing else has any.
  mutating func build() throws(FileError) {
    let state = try pop()
    guard case .dictionary = try top(), case .dictionary = state else {
      throw error("\(state.words) as attributes of \(try top().words)", "a dictionary's attributes")
    }
  }

  /// Names of storages are short; they are compared for every tensor.
  private static let longestKey = 256

  /// A reference to a storage, which is kept outside of the pickle.
  mutating func pushPersistent() throws(FileError) {
    let reference = try pop()
    let parts = try elements(of: reference, "a reference to a storage")
    guard parts.count >= 5, parts[0] == .text("storage"),
      case .callable(.storage(let type)) = parts[1], case .text(let key) = parts[2],
      key.utf8.count <= PickleMachine.longestKey, case .integer(let count) = parts[4], count >= 0
    else {
      throw error(
        "a reference made of \(listing(parts.map(\.words)))",
        "a storage with its type, name, device and size")
    }
    var offset = 0
    // Old files have views: the name of the view, where it begins, and how long it is.
    if parts.count > 5, parts[5] != .none {
      let view = try elements(of: parts[5], "a view of a storage")
      guard view.count == 3, case .integer(let start) = view[1],
        case .integer(let length) = view[2], start >= 0, length >= 0, start <= count,
        length <= count - start
      else {
        throw error(
          "a view made of \(listing(view.map(\.words)))", "one inside its \(count) elements")
      }
      offset = start
    }
    try self.count()
    storages.append(TorchStorage(type: type, key: key, count: count, offset: offset, place: place))
    push(.storage(storages.count - 1))
  }
}
