import FoveaSystem
import FoveaTensor

/// Why a file cannot be read or written: where, what was found, and what was expected.
public struct FileError: Error, Hashable, Sendable {
  /// What went wrong, as far as it matters to a program.
  public enum Kind: Hashable, Sendable {
    /// The file is missing or may not be read.
    case unreadable
    /// It is larger than the limits or the free memory allow.
    case tooLarge
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

extension FileError {
  /// What keeps the file at `path` from being read.
  init(_ obstacle: FileObstacle, _ path: String) {
    var kind = Kind.unreadable
    var expected = "a file that can be read"
    let found: String
    switch obstacle {
    case .missing: found = "no such file"
    case .forbidden: found = "no permission"
    case .folder: found = "a folder"
    case .special: found = "something that is no file"
    case .zeroInName: found = "a name with a zero byte in it"
    case .shortened(let count):
      found = "only \(count.grouped) bytes, for it became shorter while it was read"
    case .tooLarge(let count, let limit):
      kind = .tooLarge
      found = "\(count.grouped) bytes"
      expected = "at most \(limit.grouped), for it is read into memory"
    case .system(let words): found = words
    }
    self.init(kind, path: path, found: found, expected: expected)
  }
}
