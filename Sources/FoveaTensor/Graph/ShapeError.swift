/// What an operator refuses, and why, in the words of the one who called it.
public struct ShapeError: Error, Equatable, CustomStringConvertible {
  public let operation: String
  public let reason: String

  public init(_ operation: String, _ reason: String) {
    self.operation = operation
    self.reason = reason
  }

  public var description: String { "\(operation): \(reason)" }
}
