import Foundation

/// The gradient of ``LocalResponseNormalization``, from that of its result and its operand.
///
/// With `d = k + α/size · Σ x²`,
///
///     dx[j] = g[j] · d[j]^−β − 2αβ/size · x[j] · Σ g[i] · x[i] · d[i]^(−β−1)
///
/// where the sum is over the `i` that have `j` among their neighbours.
package struct LocalResponseNormalizationGradient: SingleResultOperator, Decomposable {
  package let forward: LocalResponseNormalization

  package init(of forward: LocalResponseNormalization) { self.forward = forward }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2)
    guard operands[0] == operands[1] else {
      throw ShapeError(
        name, "gradient \(operands[0]) and operand \(operands[1]) must have one type")
    }
    return try forward.type(of: [operands[1]])
  }

  package func evaluate(_ operands: [HostArray], into dx: inout HostArray) {
    let (g, x, beta) = (operands[0].scalars, operands[1].scalars, forward.beta)
    let base = forward.bases(operands[1])
    for index in x.indices { dx.scalars[index] = g[index] * Foundation.pow(base[index], -beta) }
    let factor = 2 * forward.alpha * beta / Double(forward.size)
    forward.forEachNeighbour(of: operands[1].shape) { i, j in
      dx.scalars[j] -= factor * x[j] * g[i] * x[i] * Foundation.pow(base[i], -beta - 1)
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    try decomposedGradients([g], operands: operands)
  }

  package func decomposed(_ operands: [Tensor]) throws(ShapeError) -> [Tensor] {
    let (g, x) = (operands[0], operands[1])
    let base = try forward.base(x)
    let planes = forward.channelPlanes(of: x.shape)
    let spread = try Tensor.recording(
      AveragePoolGradient(of: forward.channelPool, image: planes),
      [(g * x * base.power(-forward.beta - 1)).reshaped(to: planes)])
    return [
      g * base.power(-forward.beta)
        - x * spread.reshaped(to: x.shape) * (2 * forward.alpha * forward.beta)
    ]
  }
}
