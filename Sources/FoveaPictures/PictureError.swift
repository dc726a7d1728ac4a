/// Why a file is no picture that can be used, in words that begin with its name.
///
///     tulip.jpg is cut off after 18,432 of 40,960 bytes
public struct PictureError: Error, Hashable, CustomStringConvertible {
  /// What kind of failure it is.
  public enum Kind: Hashable, Sendable {
    /// The file is not there, or may not be read.
    case unreadable
    /// It is no picture, or one of a format that is not read.
    case foreign
    /// Its content contradicts itself or ends too early.
    case broken
    /// It is larger than the limits allow.
    case tooLarge
  }

  /// The file, as the caller named it.
  public let name: String
  /// What kind of failure it is.
  public let kind: Kind
  /// What is wrong, as the rest of a sentence that begins with the name.
  public let reason: String

  /// A failure of the file called `name`.
  public init(_ name: String, _ kind: Kind, _ reason: String) {
    self.name = name
    self.kind = kind
    self.reason = reason
  }

  /// The whole sentence.
  public var description: String { "\(name) \(reason)" }
}
