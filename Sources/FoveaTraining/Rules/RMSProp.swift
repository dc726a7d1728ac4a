public import FoveaTensor

/// The gradient divided by a running root mean square of itself.
///
/// Tieleman, Hinton. *Lecture 6.5: RMSProp*, 2012. Centred: Graves. *Generating sequences with
/// recurrent neural networks*, 2013.
public struct RMSProp: UpdateRule {
  public var alpha: Double
  public var epsilon: Double
  public var momentum: Double
  /// Whether the mean is taken off before squaring.
  public var isCentered: Bool
  public var weightDecay: Double

  public init(
    alpha: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0,
    centered isCentered: Bool = false,
    weightDecay: Double = 0
  ) {
    self.alpha = alpha
    self.epsilon = epsilon
    self.momentum = momentum
    self.isCentered = isCentered
    self.weightDecay = weightDecay
  }

  public var memory: [OptimizerMemory] {
    var names = ["square_avg"]
    if isCentered { names.append("grad_avg") }
    if momentum != 0 { names.append("momentum_buffer") }
    return names.map { OptimizerMemory($0) }
  }
  public var decay: WeightDecay { weightDecay == 0 ? .none : .inGradient(weightDecay) }

  public func update(_ g: Tensor, memory: inout [Tensor], step t: Tensor) -> Tensor {
    memory[0] = alpha * memory[0] + (1 - alpha) * g.squared()
    var square = memory[0]
    if isCentered {
      memory[1] = alpha * memory[1] + (1 - alpha) * g
      square = square - memory[1].squared()
    }
    let scaled = g / (square.squareRoot() + epsilon)
    guard momentum != 0 else { return scaled }
    memory[memory.count - 1] = momentum * memory[memory.count - 1] + scaled
    return memory[memory.count - 1]
  }
}
