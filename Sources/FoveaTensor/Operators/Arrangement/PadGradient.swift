/// Everything added up where padding took it from: the gradient of padding with what is there.
package struct PadGradient: SingleResultOperator {
  package let pad: Pad
  package let shape: Shape

  package init(_ pad: Pad, of shape: Shape) {
    self.pad = pad
    self.shape = shape
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    try expectFloatingPoint(operands)
    try operands[0].with(shape: shape).validate(name)
    let padded = try pad.padded(shape, name)
    guard operands[0].shape == padded else {
      throw ShapeError(name, "\(shape) padded is \(padded), not \(operands[0].shape)")
    }
    return operands[0].with(shape: shape)
  }

  package func evaluate(_ y: [HostArray], into x: inout HostArray) {
    pad.forEach(shape, padded: y[0].shape) { result, source in
      if let source { x.scalars[source] += y[0].scalars[result] }
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    var surroundings = pad.surroundings
    if case .constant = surroundings { surroundings = .constant(0) }
    return [try .recording(Pad(low: pad.low, high: pad.high, surroundings), [g])]
  }
}
