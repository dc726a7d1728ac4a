/// A text that is no calibration.
public struct CalibrationTextError: Error, Equatable, CustomStringConvertible {
  public let name: String
  /// Counted from 1.
  public let line: Int
  public let field: String
  /// `nil` where the text ends.
  public let found: String?
  public let expected: String

  public var description: String {
    "\(name), line \(line), \(field): found \(found.map { "“\($0)”" } ?? "the end"), "
      + "expected \(expected)"
  }
}
