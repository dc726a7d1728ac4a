public import FoveaTensor

/// The gradient divided by the root of the sum of all its squares so far.
///
/// Duchi, Hazan, Singer. *Adaptive subgradient methods for online learning and stochastic
/// optimization*, 2011.
public struct Adagrad: UpdateRule {
  public var rateDecay: Double
  public var initialAccumulator: Double
  public var epsilon: Double
  public var weightDecay: Double

  public init(
    rateDecay: Double = 0, initialAccumulator: Double = 0, epsilon: Double = 1e-10,
    weightDecay: Double = 0
  ) {
    self.rateDecay = rateDecay
    self.initialAccumulator = initialAccumulator
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public var memory: [OptimizerMemory] {
    [OptimizerMemory("sum", startingAt: initialAccumulator)]
  }
  public var decay: WeightDecay { weightDecay == 0 ? .none : .inGradient(weightDecay) }

  public func update(_ g: Tensor, memory: inout [Tensor], step t: Tensor) -> Tensor {
    memory[0] = memory[0] + g.squared()
    let scaled = g / (memory[0].squareRoot() + epsilon)
    guard rateDecay != 0 else { return scaled }
    return scaled / (1 + (t - 1) * rateDecay)
  }
}
