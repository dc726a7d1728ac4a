/// `y = min(max(x, lowest), highest)`; the gradient passes between the bounds.
package struct Clamp: SingleResultOperator {
  package let lowest: Double
  package let highest: Double
  /// Whether the gradient passes at the bounds themselves, too.
  package let passesAtBounds: Bool

  package init(_ lowest: Double, _ highest: Double, passesAtBounds: Bool = true) {
    self.lowest = lowest
    self.highest = highest
    self.passesAtBounds = passesAtBounds
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    guard operands[0].elementType != .bool else {
      throw ShapeError(name, "takes numbers, got \(operands[0]); cast it first")
    }
    guard lowest <= highest else {
      throw ShapeError(name, "bounds must be ordered numbers, got \(lowest) to \(highest)")
    }
    return operands[0]
  }

  package func evaluate(_ x: [HostArray], into y: inout HostArray) {
    for index in y.scalars.indices { y.scalars[index] = value(x[0].scalars[index]) }
  }

  /// One number, clamped; not-a-number stays what it is.
  package func value(_ x: Double) -> Double { x < lowest ? lowest : x > highest ? highest : x }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    let x = operands[0]
    guard x.elementType.isFloatingPoint else { return [nil] }
    let inside =
      passesAtBounds
      ? (x .>= lowest) .& (x .<= highest) : (x .> lowest) .& (x .< highest)
    return [inside.selecting(g, otherwise: 0.0)]
  }
}

extension Tensor {
  /// Nothing below the range, nothing above it.
  public func clamped(
    to range: ClosedRange<Double>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(Clamp(range.lowerBound, range.upperBound), self, file: file, line: line)
  }

  /// Nothing below `range`.
  public func clamped(
    to range: PartialRangeFrom<Double>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(Clamp(range.lowerBound, .infinity), self, file: file, line: line)
  }

  /// Nothing above `range`.
  public func clamped(
    to range: PartialRangeThrough<Double>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(Clamp(-.infinity, range.upperBound), self, file: file, line: line)
  }
}
