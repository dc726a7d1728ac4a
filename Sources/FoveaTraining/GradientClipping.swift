import FoveaTensor

/// Keeping gradients within bounds.
public enum GradientClipping: Hashable, Sendable {
  /// All gradients together, as one vector, are made no longer than `limit`; the length is the root
  /// of the sum of powers, and the largest magnitude when `power` is infinite.
  ///
  /// Pascanu, Mikolov, Bengio. *On the difficulty of training recurrent neural networks*, 2013.
  case norm(Double, power: Double = 2)
  /// No number is larger than this in magnitude.
  case value(Double)

  func apply(to gradients: [Tensor]) -> [Tensor] {
    switch self {
    case .value(let limit): return gradients.map { $0.clamped(to: -limit...limit) }
    case .norm(let limit, let power):
      guard let norm = GradientClipping.norm(of: gradients, power: power) else { return gradients }
      let scale = (limit / (norm + 1e-6)).minimum(norm.constant(1.0))
      return gradients.map { $0 * scale.cast(to: $0.elementType) }
    }
  }

  /// The length of all of them together; `nil` of none.
  static func norm(of gradients: [Tensor], power: Double) -> Tensor? {
    guard let first = gradients.first else { return nil }
    let parts = gradients.map { g -> Tensor in
      let g = g.cast(to: first.elementType)
      if power == .infinity { return g.absolute().max() }
      if power == 2 { return g.squared().sum() }
      return power == 1 ? g.absolute().sum() : g.absolute().power(power).sum()
    }
    if power == .infinity { return parts.dropFirst().reduce(parts[0]) { $0.maximum($1) } }
    let sum = parts.dropFirst().reduce(parts[0], +)
    if power == 2 { return sum.squareRoot() }
    return power == 1 ? sum : sum.power(1 / power)
  }
}
