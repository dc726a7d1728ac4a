import FoveaTensor

/// The numbers that change from step to step, as leaves, each recorded once.
struct StepNumbers {
  /// What a number is, whatever it is in this step.
  enum Meaning: Hashable {
    /// Which step this is, beginning with 1.
    case count
    /// The learning rate of a group.
    case rate(factor: Double)
  }

  struct Key: Hashable {
    let meaning: Meaning
    let elementType: ElementType
  }

  private(set) var leaves: [Key: Tensor] = [:]

  /// The leaf that holds what `meaning` is in the next step of `optimizer`.
  mutating func leaf(
    _ meaning: Meaning, _ elementType: ElementType, _ optimizer: Optimizer<some UpdateRule>
  ) -> Tensor {
    let key = Key(meaning: meaning, elementType: elementType)
    if let leaf = leaves[key] { return leaf }
    let leaf = optimizer.leaf(key)
    leaves[key] = leaf
    return leaf
  }
}
