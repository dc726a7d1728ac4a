/// Why a file cannot be read or written: where, what was found, and what was expected.
public struct FileError: Error, Hashable, Sendable {
  /// What went wrong, as far as it matters to a program.
  public enum Kind: Hashable, Sendable {
    /// The file is missing or may not be read.
    case unreadable
    /// What it holds is broken, hostile, or something else.
    case content
    /// The file cannot be created.
    case uncreatable
    /// The file was created, but not everything could be written.
    case unwritable
  }

  public let kind: Kind
  public let path: String
  /// The byte or the field, in words; `nil` when it is the file as a whole.
  public let place: String?
  public let found: String
  public let expected: String
  /// What to do about it, where that is known.
  public let hint: String?

  /// An error in the content of a file, or of another kind.
  public init(
    _ kind: Kind = .content, path: String, place: String? = nil, found: String, expected: String,
    hint: String? = nil
  ) {
    self.kind = kind
    self.path = path
    self.place = place
    self.found = found
    self.expected = expected
    self.hint = hint
  }
}

extension FileError: CustomStringConvertible {
  public var description: String {
    let place = place.map { ": \($0)" } ?? ""
    return "\(visible(path))\(place): found \(found), expected \(expected)"
  }
}
