/// `y = (x − mean) / √(variance + ε) · scale + shift`, with a mean and a variance that are given.
///
/// Batch normalisation as it is at inference. Operands: the image `[N, C, …]`, and scale, shift,
/// mean and variance `[C]`.
package struct FrozenBatchNormalization: SingleResultOperator, Decomposable {
  package let epsilon: Double

  package init(epsilon: Double) { self.epsilon = epsilon }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 5)
    try expectFloatingPoint(operands)
    try expectEpsilon(epsilon)
    let x = operands[0]
    try expectChannels(x.shape)
    let names = ["scale", "shift", "mean", "variance"]
    try expect(Array(zip(operands.dropFirst(), names)), have: [x.shape[1]], for: x)
    return x
  }

  package func evaluate(_ operands: [HostArray], into y: inout HostArray) {
    let (x, scale, shift) = (operands[0], operands[1].scalars, operands[2].scalars)
    let (mean, variance) = (operands[3].scalars, operands[4].scalars)
    let channels = x.shape[1]
    let pixels = x.scalars.count / (x.shape[0] * channels)
    for index in x.scalars.indices {
      let c = index / pixels % channels
      y.scalars[index] =
        (x.scalars[index] - mean[c]) / (variance[c] + epsilon).squareRoot() * scale[c] + shift[c]
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    try decomposedGradients([g], operands: operands)
  }

  package func decomposed(_ operands: [Tensor]) throws(ShapeError) -> [Tensor] {
    let x = operands[0]
    let along = Shape([x.shape[1]] + [Int](repeating: 1, count: x.rank - 2))
    let (scale, shift) = (operands[1].reshaped(to: along), operands[2].reshaped(to: along))
    let (mean, variance) = (operands[3].reshaped(to: along), operands[4].reshaped(to: along))
    let factor = scale * (variance + epsilon).reciprocalSquareRoot()
    let y = (x.cast(to: scale.elementType) - mean) * factor + shift
    return [y.cast(to: x.elementType)]
  }
}
