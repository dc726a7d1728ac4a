package import FoveaTensor

/// How real numbers stand in 8 bits: a whole number `q` means `q · step`.
///
/// 0 means 0 in both kinds of whole number, so that padding needs no thought. What lies beyond the
/// largest becomes the largest.
package struct ByteScale: Hashable, Sendable {
  /// `uint8` where nothing is below 0, else `int8`.
  package let elementType: ElementType
  /// The distance between neighbours.
  package let step: Float

  package init(_ elementType: ElementType, step: Float) {
    self.elementType = elementType
    self.step = step
  }

  /// A scale for numbers of up to `largest` that are below 0 or never are.
  package init(holding largest: Float, isSigned: Bool) {
    elementType = isSigned ? .int8 : .uint8
    let step = largest / (isSigned ? 127 : 255)
    // A value that was 0 throughout has no scale of its own.
    self.step = step.isFinite && step >= .leastNormalMagnitude ? step : 1
  }

  /// What is written for a number of steps: the nearest whole one, of two the even one.
  func whole(_ steps: Double) -> Double {
    elementType.rounded(steps.rounded(.toNearestOrEven))
  }

  /// Refuses what is no scale.
  func check(_ operation: String) throws(ShapeError) {
    guard elementType == .int8 || elementType == .uint8 else {
      throw ShapeError(operation, "8 bits hold int8 or uint8, not \(elementType)")
    }
    guard step.isFinite, step > 0 else {
      throw ShapeError(operation, "a step must be larger than 0, got \(step)")
    }
  }
}
