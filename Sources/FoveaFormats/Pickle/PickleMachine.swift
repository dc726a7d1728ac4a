/// Reads a pickle without running anything: a stack, a memo, and tables of what was made.
///
/// Every step consumes a byte, adds at most one value to the stack, and appends at most one container to
/// the tables; what could be used again and again is short or counted. So memory and time stay in
/// proportion to the file.
struct PickleMachine {
  var cursor: ByteCursor
  let limits: ReadLimits
  private(set) var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  private var memoized = 0
  var tuples: [[PickleValue]] = []
  var lists: [[PickleValue]] = []
  var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
  var storages: [TorchStorage] = []
  var tensors: [TorchTensor] = []
  /// Where the present opcode stands.
  var place = 0
  private var objects = 0

  init(_ cursor: ByteCursor, _ limits: ReadLimits) {
    self.cursor = cursor
    self.limits = limits
  }

  func error(_ found: String, _ expected: String) -> FileError {
    cursor.bytes.error(at: place, found: found, expected: expected)
  }

  /// Counts something that was made.
  mutating func count() throws(FileError) {
    objects += 1
    guard objects <= limits.entries else {
      throw error("more than \(limits.entries) objects", "at most as many")
    }
  }
}

// The stack.
extension PickleMachine {
  mutating func push(_ value: PickleValue) { stack.append(value) }

  mutating func pop() throws(FileError) -> PickleValue {
    guard stack.count > (marks.last ?? 0), let value = stack.popLast() else {
      throw error("an opcode that takes more than there is", "a value on the stack")
    }
    return value
  }

  func top() throws(FileError) -> PickleValue {
    guard stack.count > (marks.last ?? 0), let value = stack.last else {
      throw error("an opcode that looks at more than there is", "a value on the stack")
    }
    return value
  }

  mutating func mark() { marks.append(stack.count) }

  /// Everything above the last mark.
  mutating func popMarked() throws(FileError) -> [PickleValue] {
    guard let mark = marks.popLast() else {
      throw error("an opcode that looks for a mark", "a mark on the stack")
    }
    let values = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return values
  }

  mutating func pushTuple(_ values: [PickleValue]) throws(FileError) {
    try count()
    tuples.append(values)
    push(.tuple(tuples.count - 1))
  }

  mutating func pushList() throws(FileError) {
    try count()
    lists.append([])
    push(.list(lists.count - 1))
  }

  mutating func pushDictionary() throws(FileError) {
    try count()
    dictionaries.append([])
    push(.dictionary(dictionaries.count - 1))
  }

  mutating func popMarkOrValue() throws(FileError) {
    if let mark = marks.last, mark == stack.count {
      marks.removeLast()
    } else {
      _ = try pop()
    }
  }
}

// The memo.
extension PickleMachine {
  mutating func remember(_ index: Int) throws(FileError) {
    memo[index] = try top()
    memoized += 1
  }

  mutating func rememberNext() throws(FileError) { try remember(memoized) }

  mutating func recall(_ index: Int) throws(FileError) {
    guard let value = memo[index] else {
      throw error("memo \(index), which was never stored", "one of the \(memo.count) stored")
    }
    push(value)
  }
}

// Filling containers.
extension PickleMachine {
  mutating func append(_ values: [PickleValue]) throws(FileError) {
    guard case .list(let list) = try top() else {
      throw error("values appended to \(try top().words)", "a list")
    }
    lists[list] += values
  }

  mutating func set(_ values: [PickleValue]) throws(FileError) {
    guard case .dictionary(let dictionary) = try top() else {
      throw error("entries set in \(try top().words)", "a dictionary")
    }
    guard values.count.isMultiple(of: 2) else {
      throw error("\(values.count) keys and values", "as many keys as values")
    }
    for index in stride(from: 0, to: values.count, by: 2) {
      dictionaries[dictionary].append((values[index], values[index + 1]))
    }
  }

  func elements(of value: PickleValue, _ what: String) throws(FileError) -> [PickleValue] {
    switch value {
    case .tuple(let tuple): return tuples[tuple]
    case .list(let list): return lists[list]
    default: throw error("\(value.words) as \(what)", "a tuple")
    }
  }

  /// A tuple of whole numbers that are not negative.
  func integers(_ value: PickleValue, _ what: String) throws(FileError) -> [Int] {
    var integers: [Int] = []
    let elements = try elements(of: value, what)
    // One long tuple may be used again and again.
    guard elements.count <= limits.rank else {
      throw error("\(elements.count) \(what)", "at most \(limits.rank)")
    }
    for element in elements {
      guard case .integer(let integer) = element, integer >= 0 else {
        throw error("\(element.words) among \(what)", "whole numbers of at least 0")
      }
      integers.append(integer)
    }
    return integers
  }
}
