import FoveaTensor

/// What may follow a convolution or normalisation without a pass over memory of its own.
package enum Activation: Hashable, Sendable {
  case none
  case relu
  /// Nothing below the first number, nothing above the second.
  case clamp(Double, Double)
  case sigmoid
  case tanh
  /// `x · sigmoid(x)`.
  case silu
  /// `x · clamp(x + 3, 0, 6) / 6`.
  case hardSwish
  /// `clamp(x + 3, 0, 6) / 6`.
  case hardSigmoid

  package func value(_ x: Double) -> Double {
    switch self {
    case .none: x
    case .relu: Unary(.relu).value(x)
    case .clamp(let low, let high):
      Binary(.minimum).value(Binary(.maximum).value(x, low), high)
    case .sigmoid: Unary(.sigmoid).value(x)
    case .tanh: Unary(.tanh).value(x)
    case .silu: x * Unary(.sigmoid).value(x)
    case .hardSwish: x * Activation.hardSigmoid.value(x)
    case .hardSigmoid: Activation.clamp(0, 6).value(x + 3) / 6
    }
  }
}
