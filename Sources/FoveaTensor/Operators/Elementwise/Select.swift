/// `z = c ? x : y`, with broadcasting.
package struct Select: SingleResultOperator {
  package init() {}

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 3)
    try expectBool(operands[0], "the condition")
    try expectOneElementType([operands[1], operands[2]])
    return TensorType(try broadcastShape(operands), operands[1].elementType)
  }

  package func evaluate(_ operands: [HostArray], into z: inout HostArray) {
    let maps = operands.map { Broadcast($0.shape, to: z.shape) }
    for index in z.scalars.indices {
      let chosen = operands[0].scalars[maps[0].source(of: index)] != 0 ? 1 : 2
      z.scalars[index] = operands[chosen].scalars[maps[chosen].source(of: index)]
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result z: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    let (condition, x, y) = (operands[0], operands[1], operands[2])
    guard z.elementType.isFloatingPoint else { return [nil, nil, nil] }
    let zero = g.constant(0.0)
    let dx = try Tensor.recording(Select(), [condition, g, zero])
    let dy = try Tensor.recording(Select(), [condition, zero, g])
    return [nil, dx.summed(to: x.shape), dy.summed(to: y.shape)]
  }
}

extension Tensor {
  /// `x` where this condition holds, `y` where it does not.
  ///
  ///     (x .> 0).selecting(x, otherwise: 0.01 * x)
  public func selecting(
    _ x: Tensor, otherwise y: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(Select(), self, x, y, file: file, line: line)
  }

  /// `x` where this condition holds, a number where it does not.
  public func selecting(
    _ x: Tensor, otherwise y: some BinaryFloatingPoint,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    selecting(x, otherwise: x.constant(y), file: file, line: line)
  }

  /// This, with `value` where `condition` holds.
  public func replacing(
    where condition: Tensor, with value: some BinaryFloatingPoint,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    condition.selecting(constant(value), otherwise: self, file: file, line: line)
  }
}
