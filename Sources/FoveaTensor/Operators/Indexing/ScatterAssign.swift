/// `x`, with `x[i, index[i, j, …], …] = y[i, j, …]`; of several that point to one place, the last
/// stays.
///
/// An index outside the axis is refused when a plan runs; the meaning, which cannot refuse, leaves
/// out what it points to.
package struct ScatterAssign: SingleResultOperator {
  package let axis: Int

  package init(axis: Int) { self.axis = axis }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 3)
    try expectOneElementType([operands[0], operands[1]])
    try IndexedAxis.check(name, axis, indices: operands[2], of: operands[0].shape)
    guard operands[1].shape == operands[2].shape else {
      throw ShapeError(
        name, "every number needs an index: got \(operands[1]) and indices \(operands[2])")
    }
    return operands[0]
  }

  package func evaluate(_ operands: [HostArray], into x: inout HostArray) {
    let indexed = IndexedAxis(axis, indices: operands[2], of: x.shape)
    x.scalars = operands[0].scalars
    for (index, value) in operands[1].scalars.enumerated() {
      if let place = indexed.source(of: index) { x.scalars[place] = value }
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    guard g.elementType.isFloatingPoint else { return [nil, nil, nil] }
    let (updates, indices) = (operands[1], operands[2])
    let zeros = try Tensor.recording(Fill(0, updates.type), [])
    let rest = try Tensor.recording(self, [g, zeros, indices])
    // Every update writes its own number; those that read another one back were overwritten.
    let numbers = Tensor(counting: updates.shape.count, as: .int64).reshaped(to: updates.shape)
    let nobody = try Tensor.recording(Fill(-1, g.type.with(.int64)), [])
    let winners = try Tensor.recording(self, [nobody, numbers, indices])
    let stays = try Tensor.recording(Gather(axis: axis), [winners, indices]) .== numbers
    let axis = try resolve(axis: axis, of: g.shape)
    let inside = indices.isInside(extent: g.shape[axis])
    let picked = try Tensor.recording(Gather(axis: axis), [g, indices])
    return [rest, (stays .& inside).selecting(picked, otherwise: 0.0), nil]
  }
}

extension Tensor {
  /// This, with `updates` in place of what `indices` point to along an axis; of several that point
  /// to one place, the last stays.
  public func replacing(
    at indices: Tensor, axis: Int, with updates: Tensor,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(ScatterAssign(axis: axis), self, updates, indices, file: file, line: line)
  }
}
