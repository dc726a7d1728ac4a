public import FoveaTensor

/// Adam with weight decay beside the rule instead of in the gradient.
///
/// Loshchilov, Hutter. *Decoupled weight decay regularization*, 2017, Algorithm 2.
public struct AdamW: UpdateRule {
  public var adam: Adam
  public var weightDecay: Double

  public init(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    usesLargestMoment: Bool = false, weightDecay: Double = 0.01
  ) {
    adam = Adam(beta1: beta1, beta2: beta2, epsilon: epsilon, usesLargestMoment: usesLargestMoment)
    self.weightDecay = weightDecay
  }

  public var memory: [OptimizerMemory] { adam.memory }
  public var decay: WeightDecay { weightDecay == 0 ? .none : .besideRule(weightDecay) }

  public func update(_ g: Tensor, memory: inout [Tensor], step t: Tensor) -> Tensor {
    adam.update(g, memory: &memory, step: t)
  }
}
