/// What an option or an argument accepts.
public enum ValueKind: Sendable, Equatable {
  /// No value: the option is given or not.
  case flag
  /// A whole number in a range.
  case integer(ClosedRange<Int>)
  /// A real number in a range.
  case number(NumberRange)
  /// A number of bytes, such as `512M` or `8GiB`; units are powers of 1024.
  case bytes
  /// One of a few words.
  case choice([String])
  /// Any text.
  case text
  /// A path to a file.
  case file
  /// A path to a folder.
  case folder

  /// What is accepted, in words that follow "expected".
  public var expectation: String {
    switch self {
    case .flag: "no value"
    case .integer(let range): "a whole number \(Self.words(range))"
    case .number(let range): "a number \(range.words)"
    case .bytes: "a number of bytes such as 512M or 8G"
    case .choice(let words): Self.listing(words)
    case .text: "some text"
    case .file: "a file"
    case .folder: "a folder"
    }
  }

  /// The name of the kind in `help --json`.
  public var name: String {
    switch self {
    case .flag: "flag"
    case .integer: "integer"
    case .number: "number"
    case .bytes: "bytes"
    case .choice: "choice"
    case .text: "text"
    case .file: "file"
    case .folder: "folder"
    }
  }

  /// The checked value, or `nil` where the text is not what is expected.
  public func parse(_ text: String) -> ParsedValue? {
    switch self {
    case .flag:
      return nil
    case .integer(let range):
      guard let value = Int(text), range.contains(value) else { return nil }
      return .integer(value)
    case .number(let range):
      guard let value = Double(text), range.contains(value) else { return nil }
      return .number(value)
    case .bytes:
      return Self.bytes(text).map(ParsedValue.integer)
    case .choice(let words):
      return words.contains(text) ? .text(text) : nil
    case .text:
      return .text(text)
    case .file, .folder:
      return text.isEmpty || text.utf8.contains(0) ? nil : .text(text)
    }
  }

  /// The words joined as in "sgd, adam or adamw".
  static func listing(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "nothing" }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }

  private static func words(_ range: ClosedRange<Int>) -> String {
    switch (range.lowerBound, range.upperBound) {
    case (Int.min, Int.max): "of at most 64 bits"
    case (let lower, Int.max): "of at least \(lower)"
    case (let lower, let upper): "from \(lower) to \(upper)"
    }
  }

  private static func bytes(_ text: String) -> Int? {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    guard let amount = Double(digits), amount > 0 else { return nil }
    let shift: Int? =
      switch text.dropFirst(digits.count).lowercased() {
      case "", "b": 0
      case "k", "kb", "kib": 10
      case "m", "mb", "mib": 20
      case "g", "gb", "gib": 30
      case "t", "tb", "tib": 40
      default: nil
      }
    guard let shift else { return nil }
    let value = (amount * Double(1 << shift)).rounded()
    guard value >= 1, let bytes = Int(exactly: value) else { return nil }
    return bytes
  }
}
