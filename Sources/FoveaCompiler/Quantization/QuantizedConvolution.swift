package import FoveaTensor

/// A convolution of bytes, and what follows it, in one pass:
///
///     sum = Σ x · w                                                    exact, in 32 bits
///     r   = activation(sum · image · steps[o] + bias[o] + residual)    real
///     y   = saturate(round(r / step)), or r where it gives real numbers
///
/// Halves round to even. How `r` is rounded on the way is not said: where `r / step` lies within a few
/// units of the 24th bit of a half, `y` may be the other neighbour.
///
/// Operands: image, `int8` filter, its steps `[O]`, then the bias `[O]` and the residual, where there
/// are such.
///
/// Jacob et al. *Quantization and training of neural networks for efficient integer-arithmetic-only
/// inference*, 2018.
package struct QuantizedConvolution: SingleResultOperator {
  package let geometry: ConvolutionGeometry
  package let image: ByteScale
  package let hasBias: Bool
  /// What the residual's bytes mean; they are real numbers where the result is.
  package let residual: Residual
  package let activation: Activation
  /// How the result is written; `nil` for `float32`.
  package let result: ByteScale?

  package enum Residual: Hashable, Sendable {
    case none
    case bytes(ByteScale)
    case real
  }

  package init(
    _ geometry: ConvolutionGeometry, image: ByteScale, hasBias: Bool = false,
    residual: Residual = .none, activation: Activation = .none, result: ByteScale? = nil
  ) {
    self.geometry = geometry
    self.image = image
    self.hasBias = hasBias
    self.residual = residual
    self.activation = activation
    self.result = result
  }

  package var hasResidual: Bool { residual != .none }

  package var name: String {
    var name = "quantized convolution"
    if hasBias { name += "+bias" }
    if hasResidual { name += "+residual" }
    if activation != .none { name += "+\(activation)" }
    return name
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 3 + (hasBias ? 1 : 0) + (hasResidual ? 1 : 0))
    try image.check(name)
    try result?.check(name)
    guard operands[0].elementType == image.elementType, operands[1].elementType == .int8 else {
      throw ShapeError(
        name,
        "takes an image of \(image.elementType) and a filter of int8, got \(operands[0]) and "
          + "\(operands[1])")
    }
    let shape = try geometry.outputShape(
      name, image: operands[0].shape, filter: operands[1].shape)
    let column = TensorType([shape[1]], .float32)
    for (index, what) in [(2, "step"), (3, "bias")] where index < (hasBias ? 4 : 3) {
      guard operands[index] == column else {
        throw ShapeError(
          name, "takes one \(what) for each of \(shape[1]) channels, got \(operands[index])")
      }
    }
    try check(residual: operands[operands.count - 1], shape)
    return TensorType(shape, result?.elementType ?? .float32)
  }

  private func check(residual operand: TensorType, _ shape: Shape) throws(ShapeError) {
    let wanted: ElementType
    switch residual {
    case .none: return
    case .real: wanted = .float32
    case .bytes(let scale):
      try scale.check(name)
      wanted = scale.elementType
    }
    guard (wanted == .float32) == (result == nil) else {
      throw ShapeError(
        name, "adds bytes to bytes and real numbers to real ones, not \(operand) to others")
    }
    guard operand == TensorType(shape, wanted) else {
      throw ShapeError(name, "takes a residual \(TensorType(shape, wanted)), got \(operand)")
    }
  }

  package func evaluate(_ operands: [HostArray], into y: inout HostArray) {
    let (x, w) = (operands[0], operands[1])
    geometry.forEachTap(image: x.shape, filter: w.shape, output: y.shape) { i, k, o in
      y.scalars[o] += x.scalars[i] * w.scalars[k]
    }
    let pixels = y.shape.extents[2...].reduce(1, *)
    for index in y.scalars.indices {
      let channel = index / pixels % y.shape[1]
      var value = y.scalars[index] * Double(image.step) * operands[2].scalars[channel]
      if hasBias { value += operands[3].scalars[channel] }
      if hasResidual {
        let added = operands[operands.count - 1].scalars[index]
        if case .bytes(let scale) = residual { value += added * Double(scale.step) }
        if case .real = residual { value += added }
      }
      value = activation.value(value)
      y.scalars[index] = result.map { $0.whole(value / Double($0.step)) } ?? value
    }
  }
}
