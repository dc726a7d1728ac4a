import Foundation
public import FoveaTensor

/// Steps of a size that two running moments of the gradient decide.
///
/// Kingma, Ba. *Adam: a method for stochastic optimization*, 2014, Algorithm 1. AMSGrad: Reddi,
/// Kale, Kumar. *On the convergence of Adam and beyond*, 2018.
public struct Adam: UpdateRule {
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  /// Whether the largest second moment so far is used (AMSGrad).
  public var usesLargestMoment: Bool
  public var weightDecay: Double

  public init(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    usesLargestMoment: Bool = false, weightDecay: Double = 0
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.usesLargestMoment = usesLargestMoment
    self.weightDecay = weightDecay
  }

  public var memory: [OptimizerMemory] {
    let names = ["exp_avg", "exp_avg_sq"] + (usesLargestMoment ? ["max_exp_avg_sq"] : [])
    return names.map { OptimizerMemory($0) }
  }
  public var decay: WeightDecay { weightDecay == 0 ? .none : .inGradient(weightDecay) }

  public func update(_ g: Tensor, memory: inout [Tensor], step t: Tensor) -> Tensor {
    let m = beta1 * memory[0] + (1 - beta1) * g
    var v = beta2 * memory[1] + (1 - beta2) * g.squared()
    (memory[0], memory[1]) = (m, v)
    if usesLargestMoment {
      v = memory[2].maximum(v)
      memory[2] = v
    }
    let mHatScale = 1 / Adam.oneMinusPower(beta1, t)
    let vHatScale = 1 / Adam.oneMinusPower(beta2, t).squareRoot()
    return m * mHatScale / (v.squareRoot() * vHatScale + epsilon)
  }

  /// `1 − βᵗ`, without the cancellation of writing it so: for β = 0.999 that would cost 3 digits.
  static func oneMinusPower(_ β: Double, _ t: Tensor) -> Tensor {
    -((t * Foundation.log(β)).expMinusOne())
  }
}
