/// Repeats along axes of extent 1, as broadcasting does.
package struct Expand: SingleResultOperator {
  package let target: Shape

  package init(to target: Shape) { self.target = target }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    guard operands[0].shape.broadcast(with: target) == target else {
      throw ShapeError(
        name,
        "\(operands[0].shape) cannot be stretched to \(target): aligned from the right, "
          + "every extent must be equal or 1")
    }
    return operands[0].with(shape: target)
  }

  package func evaluate(_ x: [HostArray], into y: inout HostArray) {
    let map = Broadcast(x[0].shape, to: target)
    for index in y.scalars.indices { y.scalars[index] = x[0].scalars[map.source(of: index)] }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    [g.summed(to: operands[0].shape)]
  }
}

extension Tensor {
  /// Repeated along axes of extent 1 until it has the shape `target`.
  public func expanded(
    to target: Shape, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    guard target != shape else { return self }
    return .record(Expand(to: target), self, file: file, line: line)
  }
}
