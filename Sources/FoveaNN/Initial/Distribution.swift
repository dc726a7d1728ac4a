import FoveaTensor

/// What numbers are drawn from, once the shape is known.
package enum Distribution: Hashable, Sendable {
  case constant(Double)
  case uniform(low: Double, high: Double)
  case normal(mean: Double, deviation: Double)
  case truncatedNormal(mean: Double, deviation: Double, cut: Double)
  case orthogonal(gain: Double)
  case dirac(groups: Int)

  /// Whether it asks for random numbers at all.
  var isRandom: Bool {
    switch self {
    case .constant, .dirac: false
    case .uniform, .normal, .truncatedNormal, .orthogonal: true
    }
  }

  func check() throws(ShapeError) {
    switch self {
    case .uniform(let low, let high) where !(low.isFinite && high.isFinite):
      throw ShapeError("initializer", "uniform takes finite bounds, got \(low) to \(high)")
    case .normal(let mean, let deviation) where !(mean.isFinite && deviation.isFinite),
      .truncatedNormal(let mean, let deviation, _) where !(mean.isFinite && deviation.isFinite):
      throw ShapeError(
        "initializer", "normal takes a finite mean and deviation, got \(mean) and \(deviation)")
    case .truncatedNormal(_, _, let cut) where !(cut > 0):
      throw ShapeError("initializer", "the cut must be positive, got \(cut)")
    default: return
    }
  }
}
