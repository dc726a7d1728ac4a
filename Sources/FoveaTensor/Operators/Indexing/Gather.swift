/// `y[i, j, …] = x[i, index[i, j, …], …]`: along one axis, every element picked by an index of its
/// own.
///
/// An index outside the axis is refused when a plan runs; the meaning, which cannot refuse, gives
/// not-a-number, or 0 where that cannot be said.
package struct Gather: SingleResultOperator {
  package let axis: Int

  package init(axis: Int) { self.axis = axis }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2)
    try IndexedAxis.check(name, axis, indices: operands[1], of: operands[0].shape)
    return operands[0].with(shape: operands[1].shape)
  }

  package func evaluate(_ operands: [HostArray], into y: inout HostArray) {
    let (x, indices) = (operands[0], operands[1])
    let indexed = IndexedAxis(axis, indices: indices, of: x.shape)
    let outside: Double = y.type.elementType.isFloatingPoint ? .nan : 0
    for index in y.scalars.indices {
      y.scalars[index] = indexed.source(of: index).map { x.scalars[$0] } ?? outside
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    guard g.elementType.isFloatingPoint else { return [nil, nil] }
    let shape = operands[0].shape
    return [try .recording(ScatterAdd(axis: axis, into: shape), [g, operands[1]]), nil]
  }
}

extension Tensor {
  /// Along an axis, every element picked by an index of its own; all other axes as they are.
  ///
  ///     let order = scores.sorted(axis: 1).indices
  ///     boxes.gathered(at: order, axis: 1)
  public func gathered(
    at indices: Tensor, axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(Gather(axis: axis), self, indices, file: file, line: line)
  }

  /// This, with `updates` added where `indices` point to along an axis; once for each mention.
  public func adding(
    _ updates: Tensor, at indices: Tensor, axis: Int,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let sums = Tensor.record(
      ScatterAdd(axis: axis, into: shape), updates, indices, file: file, line: line)
    return .record(Binary(.add), self, sums, file: file, line: line)
  }
}
