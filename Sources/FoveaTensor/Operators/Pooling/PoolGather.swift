/// The number at each index of a plane; 0 where the index lies outside it.
///
/// With ``PoolCollisions/keepLast`` only the last of the windows that name a pixel takes it, so that
/// this is the adjoint of unpooling, too.
package struct PoolGather: SingleResultOperator {
  package let collisions: PoolCollisions

  package init(collisions: PoolCollisions = .add) { self.collisions = collisions }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2)
    try expectIndices(operands[1], for: operands[1].shape, in: operands[0].shape)
    return operands[0].with(shape: operands[1].shape)
  }

  package func evaluate(_ operands: [HostArray], into y: inout HostArray) {
    let x = operands[0]
    var taker = [Int](repeating: -1, count: x.scalars.count)
    forEachIndex(operands[1], in: x.shape) { window, pixel in
      y.scalars[window] = x.scalars[pixel]
      if collisions == .keepLast, taker[pixel] >= 0 { y.scalars[taker[pixel]] = 0 }
      taker[pixel] = window
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    let scatter = PoolScatter(image: operands[0].shape, collisions: collisions)
    return [try .recording(scatter, [g, operands[1]]), nil]
  }
}
