public import FoveaTensor

/// The Kullback–Leibler divergence `t·(log t − log p)`, given the logarithms of the prediction.
///
/// The mean is that of samples, which is the divergence; PyTorch calls it `batchmean`.
///
/// - Parameter isLogarithm: whether the target is given by its logarithms, too.
public func klDivergence(
  _ logPrediction: Tensor, _ target: Tensor, targetIsLogarithm isLogarithm: Bool = false,
  reduction: LossReduction = .mean, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  logPrediction.expectSameType(as: target, "KL divergence", file, line)
  let losses: Tensor
  if isLogarithm {
    losses = target.exp() * (target - logPrediction)
  } else {
    // Nothing is what a probability of 0 contributes; its logarithm must not be multiplied.
    let some = target .> 0.0
    let safe = some.selecting(target, otherwise: 1.0)
    losses = target * (some.selecting(safe.log(), otherwise: 0.0) - logPrediction)
  }
  guard reduction == .mean else { return losses.reduced(reduction, file, line) }
  let samples = losses.rank == 0 ? 1 : losses.shape[0]
  return losses.sum() * (1 / Double(samples))
}

/// `max(0, margin − t·x)` for targets of −1 and 1.
public func hinge(
  _ scores: Tensor, _ target: Tensor, margin: Double = 1, reduction: LossReduction = .mean,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  scores.expectSameType(as: target, "hinge", file, line)
  return (margin - target * scores).relu().reduced(reduction, file, line)
}

/// `x` for a target of 1, `max(0, margin − x)` for one of −1, where `x` is a distance.
public func hingeEmbedding(
  _ distances: Tensor, _ target: Tensor, margin: Double = 1, reduction: LossReduction = .mean,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  distances.expectSameType(as: target, "hinge embedding", file, line)
  let near = (target .> 0.0).selecting(distances, otherwise: 0.0)
  let far = (target .< 0.0).selecting((margin - distances).relu(), otherwise: 0.0)
  return (near + far).reduced(reduction, file, line)
}
