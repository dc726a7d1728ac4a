import FoveaFormats
import Testing

/// A hostile or broken file, and what must be said about it.
struct Attack: Sendable, CustomTestStringConvertible {
  let name: String
  let bytes: [UInt8]
  /// What the description must say behind the path.
  let refusal: String

  init(_ name: String, _ bytes: [UInt8], _ refusal: String) {
    self.name = name
    self.bytes = bytes
    self.refusal = refusal
  }

  var testDescription: String { name }

  /// What is wrong with the refusal, in words; `nil` when it is as it should be.
  func failure(_ limits: ReadLimits = .default) throws -> String? {
    let file = try TemporaryFile(bytes)
    let clock = ContinuousClock()
    let start = clock.now
    defer { #expect(clock.now - start < .seconds(2)) }
    do {
      let weights = try Weights.read(file.path, limits: limits)
      return "\(name): was read as \(weights.tensors.keys.sorted())"
    } catch {
      let text = error.description.replacing(file.path, with: "")
      if error.kind != .content { return "\(name): \(error.kind)" }
      return text.contains(refusal) ? nil : "\(name): \(text)"
    }
  }
}
