package import FoveaTensor

/// `y = activation(x ∗ w + bias + residual)`: a convolution and what follows it, in one pass.
///
/// Operands: image, filter, then the bias `[O]` and the residual of the result's shape, where there
/// are such.
package struct FusedConvolution: SingleResultOperator {
  package let geometry: ConvolutionGeometry
  package let hasBias: Bool
  package let hasResidual: Bool
  package let activation: Activation
  /// The kind of number the sums are given as; `nil` for that of the operands.
  package let result: ElementType?

  package init(
    _ geometry: ConvolutionGeometry, hasBias: Bool = false, hasResidual: Bool = false,
    activation: Activation = .none, result: ElementType? = nil
  ) {
    self.geometry = geometry
    self.hasBias = hasBias
    self.hasResidual = hasResidual
    self.activation = activation
    self.result = result
  }

  package var name: String {
    var name = "convolution"
    if hasBias { name += "+bias" }
    if hasResidual { name += "+residual" }
    if activation != .none { name += "+\(activation)" }
    return name
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2 + (hasBias ? 1 : 0) + (hasResidual ? 1 : 0))
    let result = try Convolution(geometry, result: result).type(of: Array(operands[..<2]))
    if hasBias, operands[2].shape != [result.shape[1]] {
      throw ShapeError(
        name, "takes one bias for each of \(result.shape[1]) channels, got \(operands[2].shape)")
    }
    if hasResidual, operands[operands.count - 1] != result {
      throw ShapeError(
        name, "takes a residual \(result), got \(operands[operands.count - 1])")
    }
    return result
  }

  package func evaluate(_ operands: [HostArray], into y: inout HostArray) {
    Convolution(geometry).evaluate(Array(operands[..<2]), into: &y)
    let pixels = y.shape.extents[2...].reduce(1, *)
    for index in y.scalars.indices {
      var value = y.scalars[index]
      if hasBias { value += operands[2].scalars[index / pixels % y.shape[1]] }
      if hasResidual { value += operands[operands.count - 1].scalars[index] }
      y.scalars[index] = activation.value(value)
    }
  }

  /// The same with something more after it.
  package func adding(
    bias: Bool = false, residual: Bool = false, activation: Activation = .none
  ) -> FusedConvolution {
    FusedConvolution(
      geometry, hasBias: hasBias || bias, hasResidual: hasResidual || residual,
      activation: activation == .none ? self.activation : activation, result: result)
  }
}
