/// `y = (x − mean) / √(variance + ε) · scale + shift`, with the biased variance; results `y`, `mean`
/// and `variance`.
///
/// Which elements share statistics and parameters is all that one normalisation has to say.
package protocol Normalization: Decomposable {
  associatedtype Gradient: NormalizationGradient where Gradient.Forward == Self

  /// What keeps the root away from zero.
  var epsilon: Double { get }

  /// Refuses an operand that has no view.
  func check(_ x: Shape) throws(ShapeError)

  /// How an operand is seen that was not refused.
  func view(of x: Shape) -> NormalizationView

  /// The shape of the mean and the variance.
  func statisticShape(of x: Shape) -> Shape

  /// The shape of the scale and the shift.
  func parameterShape(of x: Shape) -> Shape
}

extension Normalization {
  package func types(of operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try expect(operands, count: 3)
    let (x, scale) = (operands[0], operands[1])
    try expectFloatingPoint(operands)
    try expectEpsilon(epsilon)
    try check(x.shape)
    try expect(
      [(scale, "scale"), (operands[2], "shift")], have: parameterShape(of: x.shape), for: x)
    let statistic = TensorType(statisticShape(of: x.shape), scale.elementType)
    return [x, statistic, statistic]
  }

  package func evaluate(_ operands: [HostArray], into results: inout [HostArray]) {
    let (x, scale, shift) = (operands[0].scalars, operands[1].scalars, operands[2].scalars)
    let view = view(of: operands[0].shape)
    let count = Double(view.elementsPerStatistic)
    var mean = results[1].scalars
    var variance = results[2].scalars
    view.forEachElement { i, s, _ in mean[s] += x[i] }
    for s in mean.indices { mean[s] /= count }
    view.forEachElement { i, s, _ in variance[s] += (x[i] - mean[s]) * (x[i] - mean[s]) }
    for s in variance.indices { variance[s] /= count }
    var y = results[0].scalars
    view.forEachElement { i, s, p in
      y[i] = (x[i] - mean[s]) / (variance[s] + epsilon).squareRoot() * scale[p] + shift[p]
    }
    results[0].scalars = y
    results[1].scalars = mean
    results[2].scalars = variance
  }

  package func gradients(
    _ cotangents: [Tensor?], operands: [Tensor], results: [Tensor]
  ) throws(ShapeError) -> [Tensor?] {
    let (x, scale) = (operands[0], operands[1])
    var gradients: [Tensor?] = [nil, nil, nil]
    if let g = cotangents[0] {
      gradients = try Tensor.recordingAll(
        Gradient(of: self), [g, x, results[1], results[2], scale])
    }
    guard cotangents[1] != nil || cotangents[2] != nil else { return gradients }
    // Someone looks at the statistics themselves: d mean / dx = 1/m, d variance / dx = 2 (x − mean)/m.
    let view = view(of: x.shape)
    let share = 1 / Double(view.elementsPerStatistic)
    let throughMean = cotangents[1].map {
      ($0.reshaped(to: view.statisticShape) * share).expanded(to: view.shape)
    }
    let throughVariance = cotangents[2].map { g in
      let centred =
        x.cast(to: scale.elementType).reshaped(to: view.shape)
        - results[1].reshaped(to: view.statisticShape)
      return g.reshaped(to: view.statisticShape) * centred * (2 * share)
    }
    let parts = [throughMean, throughVariance].compactMap { $0 }
    let sum = parts.dropFirst().reduce(parts[0], +)
    let more = sum.reshaped(to: x.shape).cast(to: x.elementType)
    gradients[0] = gradients[0].map { $0 + more } ?? more
    return gradients
  }

  package func decomposed(_ operands: [Tensor]) throws(ShapeError) -> [Tensor] {
    let (x, scale, shift) = (operands[0], operands[1], operands[2])
    let view = view(of: x.shape)
    let wide = x.cast(to: scale.elementType).reshaped(to: view.shape)
    let mean = wide.mean(axes: view.statisticAxes, keepsAxes: true)
    let centred = wide - mean
    let variance = centred.squared().mean(axes: view.statisticAxes, keepsAxes: true)
    let y =
      centred * (variance + epsilon).reciprocalSquareRoot()
      * scale.reshaped(to: view.parameterShape) + shift.reshaped(to: view.parameterShape)
    let statistics = statisticShape(of: x.shape)
    return [
      y.reshaped(to: x.shape).cast(to: x.elementType), mean.reshaped(to: statistics),
      variance.reshaped(to: statistics),
    ]
  }
}

extension Operator {
  func expectEpsilon(_ epsilon: Double) throws(ShapeError) {
    guard epsilon.isFinite, epsilon >= 0 else {
      throw ShapeError(name, "epsilon must be finite and not negative, got \(epsilon)")
    }
  }

  /// Parameters or statistics that belong to `x` have the right shape, and hold the same kind of
  /// number: that of `x`, or `float32` beside numbers of 16 bits.
  func expect(
    _ parameters: [(type: TensorType, what: String)], have shape: Shape, for x: TensorType
  ) throws(ShapeError) {
    for (type, what) in parameters {
      guard type.shape == shape else {
        throw ShapeError(name, "\(what) for \(x.shape) must have shape \(shape), got \(type.shape)")
      }
      guard
        type.elementType == x.elementType
          || (type.elementType == .float32 && x.elementType.size == 2)
      else {
        throw ShapeError(
          name,
          "\(what) is \(type), the operand \(x): both must hold the same kind of number, or "
            + "float32 beside numbers of 16 bits")
      }
      guard type.elementType == parameters[0].type.elementType else {
        throw ShapeError(
          name,
          "\(what) is \(type), \(parameters[0].what) is \(parameters[0].type): both must hold "
            + "the same kind of number")
      }
    }
  }
}
