/// `y[…, i…, …] = x[…, index[i…], …]`: whole parts along one axis, picked by number; with axis 0, the
/// rows of a table.
///
/// An index outside the axis is refused when a plan runs; the meaning, which cannot refuse, gives
/// not-a-number, or 0 where that cannot be said.
package struct Take: SingleResultOperator {
  package let axis: Int

  package init(axis: Int) { self.axis = axis }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2)
    return operands[0].with(
      shape: try taken(operands[0].shape, indices: operands[1], name))
  }

  /// The shape with an axis replaced by those of the indices.
  func taken(
    _ shape: Shape, indices: TensorType, _ operation: String
  ) throws(ShapeError) -> Shape {
    guard indices.elementType == .int32 || indices.elementType == .int64 else {
      throw ShapeError(
        operation, "indices must be int32 or int64, got \(indices); cast them first")
    }
    let axis = try shape.resolve(axis: axis, operation)
    return Shape(
      shape.extents[..<axis] + indices.shape.extents + shape.extents[(axis + 1)...])
  }

  /// Calls `body` with every element of the result and where it comes from; `nil` outside.
  func forEach(
    of shape: Shape, indices: HostArray, _ body: (_ result: Int, _ source: Int?) -> Void
  ) {
    let lanes = Lanes(shape, axis: axis < 0 ? axis + shape.rank : axis)
    let picks = indices.scalars.count
    for lane in 0..<lanes.count {
      for (pick, index) in indices.scalars.enumerated() {
        let place = (lane / lanes.stride * picks + pick) * lanes.stride + lane % lanes.stride
        let inside = index >= 0 && index < Double(lanes.length)
        body(place, inside ? lanes.start(lane) + Int(index) * lanes.stride : nil)
      }
    }
  }

  package func evaluate(_ operands: [HostArray], into y: inout HostArray) {
    let x = operands[0]
    let outside: Double = y.type.elementType.isFloatingPoint ? .nan : 0
    forEach(of: x.shape, indices: operands[1]) { result, source in
      y.scalars[result] = source.map { x.scalars[$0] } ?? outside
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    guard g.elementType.isFloatingPoint else { return [nil, nil] }
    let shape = operands[0].shape
    return [try .recording(TakeGradient(axis: axis, of: shape), [g, operands[1]]), nil]
  }
}

extension Tensor {
  /// The parts along an axis whose numbers are given; the axes of `indices` take its place.
  ///
  ///     table.taking(words)               // [words, …] rows of a table
  ///     images.taking(channels, axis: 1)
  public func taking(
    _ indices: Tensor, axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(Take(axis: axis), self, indices, file: file, line: line)
  }
}
