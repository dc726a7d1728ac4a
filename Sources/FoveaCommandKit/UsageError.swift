/// A command line that cannot be followed, in at most three short lines.
///
///     error: unknown option --epoch
///     hint:  did you mean --epochs?   (fovea help train)
public struct UsageError: Error, Equatable, CustomStringConvertible {
  /// What is wrong.
  public let message: String
  /// What would be right, if that is known.
  public let hint: String?
  /// The command line that says more.
  public let seeAlso: String?

  /// An error with a hint of its own.
  public init(_ message: String, hint: String? = nil, seeAlso: String? = nil) {
    self.message = message
    self.hint = hint
    self.seeAlso = seeAlso
  }

  /// An error that offers a near name.
  init(_ message: String, near: String?, seeAlso: String) {
    self.init(message, hint: near.map { "did you mean \($0)?" }, seeAlso: seeAlso)
  }

  /// The text as printed on standard error.
  public var description: String {
    switch (hint, seeAlso) {
    case (let hint?, let seeAlso?): "error: \(message)\nhint:  \(hint)   (\(seeAlso))"
    case (let hint?, nil): "error: \(message)\nhint:  \(hint)"
    case (nil, let seeAlso?): "error: \(message)\nhint:  \(seeAlso)"
    case (nil, nil): "error: \(message)"
    }
  }
}
