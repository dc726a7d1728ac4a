public import FoveaTensor

/// Stochastic gradient descent, with momentum and with Nesterov's.
///
/// Sutskever, Martens, Dahl, Hinton. *On the importance of initialization and momentum in deep
/// learning*, 2013. As in PyTorch, the learning rate is outside of the velocity.
public struct SGD: UpdateRule {
  public var momentum: Double
  public var dampening: Double
  public var isNesterov: Bool
  public var weightDecay: Double

  public init(
    momentum: Double = 0, dampening: Double = 0, nesterov isNesterov: Bool = false,
    weightDecay: Double = 0
  ) {
    self.momentum = momentum
    self.dampening = dampening
    self.isNesterov = isNesterov
    self.weightDecay = weightDecay
  }

  public var memory: [OptimizerMemory] { momentum == 0 ? [] : [OptimizerMemory("momentum_buffer")] }
  public var decay: WeightDecay { weightDecay == 0 ? .none : .inGradient(weightDecay) }

  public func update(_ g: Tensor, memory v: inout [Tensor], step t: Tensor) -> Tensor {
    guard momentum != 0 else { return g }
    if dampening == 0 {
      v[0] = momentum * v[0] + g
    } else {
      // The first gradient is taken whole: min(t − 1, 1) is 0 only then.
      let later = (t - 1).minimum(t.constant(1.0))
      v[0] = momentum * v[0] + (1 - dampening * later) * g
    }
    return isNesterov ? g + momentum * v[0] : v[0]
  }
}
