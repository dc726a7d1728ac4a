/// `y[i] = Σ x[j]` over `j ≤ i` along an axis.
package struct CumulativeSum: SingleResultOperator {
  package let axis: Int
  /// Over `j ≥ i` instead.
  package let isReversed: Bool
  /// Without `j = i`.
  package let isExclusive: Bool

  package init(axis: Int, isReversed: Bool = false, isExclusive: Bool = false) {
    self.axis = axis
    self.isReversed = isReversed
    self.isExclusive = isExclusive
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    guard operands[0].elementType != .bool else {
      throw ShapeError(name, "takes numbers, got \(operands[0]); cast it first")
    }
    _ = try resolve(axis: axis, of: operands[0].shape)
    return operands[0]
  }

  package func evaluate(_ x: [HostArray], into y: inout HostArray) {
    let lanes = Lanes(x[0].shape, axis: axis < 0 ? axis + x[0].shape.rank : axis)
    for lane in 0..<lanes.count {
      var sum = 0.0
      let positions = Array(lanes.positions(lane))
      for position in isReversed ? positions.reversed() : positions {
        let before = sum
        sum += x[0].scalars[position]
        y.scalars[position] = isExclusive ? before : sum
      }
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    guard g.elementType.isFloatingPoint else { return [nil] }
    let adjoint = CumulativeSum(axis: axis, isReversed: !isReversed, isExclusive: isExclusive)
    return [try .recording(adjoint, [g])]
  }
}

extension Tensor {
  /// The sum of everything up to each element along an axis.
  ///
  /// - Parameters:
  ///   - reversed: from each element to the end instead.
  ///   - exclusive: without the element itself.
  public func cumulativeSum(
    axis: Int, reversed: Bool = false, exclusive: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(
      CumulativeSum(axis: axis, isReversed: reversed, isExclusive: exclusive), self,
      file: file, line: line)
  }
}
