/// `y[i] = Π x[j]` over `j ≤ i` along an axis.
package struct CumulativeProduct: SingleResultOperator {
  package let axis: Int

  package init(axis: Int) { self.axis = axis }

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
      var product = 1.0
      for position in lanes.positions(lane) {
        product *= x[0].scalars[position]
        y.scalars[position] = product
      }
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    guard g.elementType.isFloatingPoint else { return [nil] }
    return [try .recording(CumulativeProductGradient(axis: axis), [g, operands[0]])]
  }
}

extension Tensor {
  /// The product of everything up to each element along an axis.
  public func cumulativeProduct(
    axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(CumulativeProduct(axis: axis), self, file: file, line: line)
  }
}
