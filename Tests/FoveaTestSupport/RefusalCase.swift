import FoveaTensor

/// One line of a table of refusals: what is recorded, and the words it is refused with.
public struct RefusalCase: Sendable, CustomStringConvertible {
  public let operation: String
  public let reason: String
  public let record: @Sendable () throws -> Void

  public init(
    _ operation: String, _ reason: String, record: @escaping @Sendable () throws -> Void
  ) {
    self.operation = operation
    self.reason = reason
    self.record = record
  }

  public var description: String { "\(operation): \(reason)" }

  /// What happened instead; nothing when exactly these words were said.
  public func failure() -> String? {
    do {
      try record()
      return "“\(self)” was not refused"
    } catch let error as ShapeError {
      let expected = ShapeError(operation, reason)
      return error == expected ? nil : "expected “\(expected)”, refused with “\(error)”"
    } catch {
      return "“\(self)” threw \(error)"
    }
  }
}

/// Integers that arithmetic stumbles over.
public enum HostileIntegers {
  public static let all = [0, -1, 1 << 31 - 1, 1 << 31, Int.max, Int.min]

  /// Records with every hostile integer in every place of the integer arguments `usual`; gives how
  /// many tries there were, how many of them were refused, and what was thrown that is no
  /// ``ShapeError``.
  public static func tries(
    usual: [Int], _ record: ([Int]) throws -> Void
  ) -> (count: Int, refused: Int, failures: [String]) {
    var (count, refused) = (0, 0)
    var failures: [String] = []
    for place in usual.indices {
      for hostile in all {
        var arguments = usual
        arguments[place] = hostile
        count += 1
        do {
          try record(arguments)
        } catch is ShapeError {
          refused += 1
        } catch {
          failures.append("\(arguments) threw \(error)")
        }
      }
    }
    return (count, refused, failures)
  }
}
