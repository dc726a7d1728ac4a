/// The gradient of a normalisation, from that of `y`: operands `g`, `x`, `mean`, `variance` and
/// `scale`; results `dx`, `dscale` and `dshift`.
///
/// With `x̂ = (x − mean) / √(variance + ε)` and means over what shares statistics,
///
///     dx = (g · scale − mean(g · scale) − x̂ · mean(g · scale · x̂)) / √(variance + ε)
///     dscale = Σ g · x̂        dshift = Σ g
package protocol NormalizationGradient: Decomposable {
  associatedtype Forward: Normalization

  var forward: Forward { get }

  init(of forward: Forward)
}

extension NormalizationGradient {
  package func types(of operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try expect(operands, count: 5)
    try expectFloatingPoint(operands)
    try expectEpsilon(forward.epsilon)
    let (g, x, scale) = (operands[0], operands[1], operands[4])
    guard g == x else {
      throw ShapeError(name, "gradient \(g) and operand \(x) must have one type")
    }
    try forward.check(x.shape)
    try expect([(scale, "scale")], have: forward.parameterShape(of: x.shape), for: x)
    try expect(
      [(operands[2], "mean"), (operands[3], "variance")],
      have: forward.statisticShape(of: x.shape), for: x)
    try expectOneElementType(Array(operands[2...]))
    return [x, scale, scale]
  }

  package func evaluate(_ operands: [HostArray], into results: inout [HostArray]) {
    let (g, x, mean) = (operands[0].scalars, operands[1].scalars, operands[2].scalars)
    let (variance, scale) = (operands[3].scalars, operands[4].scalars)
    let view = forward.view(of: operands[1].shape)
    let reciprocal = variance.map { 1 / ($0 + forward.epsilon).squareRoot() }
    let count = Double(view.elementsPerStatistic)
    var (dx, dscale, dshift) = (results[0].scalars, results[1].scalars, results[2].scalars)
    var meanG = [Double](repeating: 0, count: mean.count)
    var meanGX = meanG
    view.forEachElement { i, s, p in
      let normalized = (x[i] - mean[s]) * reciprocal[s]
      dscale[p] += g[i] * normalized
      dshift[p] += g[i]
      meanG[s] += g[i] * scale[p] / count
      meanGX[s] += g[i] * scale[p] * normalized / count
    }
    view.forEachElement { i, s, p in
      let normalized = (x[i] - mean[s]) * reciprocal[s]
      dx[i] = (g[i] * scale[p] - meanG[s] - normalized * meanGX[s]) * reciprocal[s]
    }
    results[0].scalars = dx
    results[1].scalars = dscale
    results[2].scalars = dshift
  }

  package func gradients(
    _ cotangents: [Tensor?], operands: [Tensor], results: [Tensor]
  ) throws(ShapeError) -> [Tensor?] {
    try decomposedGradients(cotangents, operands: operands)
  }

  package func decomposed(_ operands: [Tensor]) throws(ShapeError) -> [Tensor] {
    let (g, x, scale) = (operands[0], operands[1], operands[4])
    let view = forward.view(of: x.shape)
    let axes = view.statisticAxes
    let wideG = g.cast(to: scale.elementType).reshaped(to: view.shape)
    let wideX = x.cast(to: scale.elementType).reshaped(to: view.shape)
    let mean = operands[2].reshaped(to: view.statisticShape)
    let variance = operands[3].reshaped(to: view.statisticShape)
    let reciprocal = (variance + forward.epsilon).reciprocalSquareRoot()
    let normalized = (wideX - mean) * reciprocal
    let scaled = wideG * scale.reshaped(to: view.parameterShape)
    let dx =
      (scaled - scaled.mean(axes: axes, keepsAxes: true)
        - normalized * (scaled * normalized).mean(axes: axes, keepsAxes: true)) * reciprocal
    return [
      dx.reshaped(to: x.shape).cast(to: x.elementType),
      (wideG * normalized).summed(to: view.parameterShape).reshaped(to: scale.shape),
      wideG.summed(to: view.parameterShape).reshaped(to: scale.shape),
    ]
  }
}
