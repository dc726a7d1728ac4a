import FoveaTensor

/// Numbers as they stand in a golden file.
struct GoldenArray: Decodable, Sendable {
  let shape: [Int]
  let data: [Double]
  private let elementType: String

  private enum CodingKeys: String, CodingKey {
    case shape, data
    case elementType = "type"
  }

  var type: TensorType { TensorType(Shape(shape), elementType == "int64" ? .int64 : .float64) }

  var hostArray: HostArray { HostArray(type, data) }

  /// Where `value` differs, in words.
  func differences(from value: HostArray, _ what: String) -> [String] {
    guard value.shape == type.shape else {
      return ["\(what): expected shape \(type.shape), got \(value.shape)"]
    }
    let exact = !type.elementType.isFloatingPoint
    // What is left of a cancellation is as large as the rounding of what cancelled.
    let scale = data.reduce(1) { Swift.max($0, abs($1)) }
    var differences: [String] = []
    for (index, (expected, got)) in zip(data, value.scalars).enumerated() {
      let allowed = exact ? 0 : 1e-9 * abs(expected) + 1e-13 * scale
      if !(abs(expected - got) <= allowed) {
        differences.append("\(what), element \(index): expected \(expected), got \(got)")
      }
    }
    return differences
  }
}

/// An attribute as it stands in a golden file.
enum GoldenAttribute: Decodable, Sendable {
  case number(Double)
  case numbers([Double])
  case text(String)

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let numbers = try? container.decode([Double].self) {
      self = .numbers(numbers)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  func number(_ name: String) throws -> Double {
    guard case .number(let number) = self else { throw mismatch(name, "a number") }
    return number
  }

  func numbers(_ name: String) throws -> [Double] {
    guard case .numbers(let numbers) = self else { throw mismatch(name, "a list of numbers") }
    return numbers
  }

  func text(_ name: String) throws -> String {
    guard case .text(let text) = self else { throw mismatch(name, "a text") }
    return text
  }

  private func mismatch(_ name: String, _ kind: String) -> GoldenError {
    GoldenError("attribute “\(name)” is \(self), not \(kind)")
  }
}

/// A golden file that does not say what a test expects of it.
struct GoldenError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
