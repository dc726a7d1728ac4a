public import FoveaTensor

/// `−(t·log p + (1 − t)·log(1 − p))` for probabilities; logarithms stop at −100, as in PyTorch.
///
/// - Parameter weights: how much each number counts; broadcasts.
public func binaryCrossEntropy(
  _ probabilities: Tensor, _ target: Tensor, weights: Tensor? = nil,
  reduction: LossReduction = .mean, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  probabilities.expectSameType(as: target, "binary cross entropy", file, line)
  let (p, t) = (probabilities, target)
  let floor = p.constant(-100.0)
  let losses = -(t * p.log().maximum(floor) + (1 - t) * (1 - p).log().maximum(floor))
  return (weights.map { losses * $0 } ?? losses).reduced(reduction, file, line)
}

/// The same of `σ(x)`, exact for large `x`: `(1 − t)·x + log(1 + e⁻ˣ)`.
///
/// - Parameters:
///   - weights: how much each number counts; broadcasts.
///   - positiveWeights: how much `t = 1` counts more than `t = 0`; broadcasts.
public func binaryCrossEntropy(
  withLogits logits: Tensor, _ target: Tensor, weights: Tensor? = nil,
  positiveWeights: Tensor? = nil, reduction: LossReduction = .mean,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  logits.expectSameType(as: target, "binary cross entropy", file, line)
  let (x, t) = (logits, target)
  let rest = (-x).softplus()
  let losses: Tensor
  if let positiveWeights {
    losses = (1 - t) * x + ((positiveWeights - 1) * t + 1) * rest
  } else {
    losses = (1 - t) * x + rest
  }
  return (weights.map { losses * $0 } ?? losses).reduced(reduction, file, line)
}
