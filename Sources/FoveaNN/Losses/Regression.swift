public import FoveaTensor

/// The squares of the differences.
public func meanSquaredError(
  _ prediction: Tensor, _ target: Tensor, reduction: LossReduction = .mean,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  prediction.expectSameType(as: target, "mean squared error", file, line)
  return (prediction - target).squared().reduced(reduction, file, line)
}

/// The magnitudes of the differences.
public func meanAbsoluteError(
  _ prediction: Tensor, _ target: Tensor, reduction: LossReduction = .mean,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  prediction.expectSameType(as: target, "mean absolute error", file, line)
  return (prediction - target).absolute().reduced(reduction, file, line)
}

/// `d²/2` for differences up to δ, and a straight line of slope δ beyond.
///
/// Huber. *Robust estimation of a location parameter*, 1964.
public func huber(
  _ prediction: Tensor, _ target: Tensor, delta δ: Double = 1, reduction: LossReduction = .mean,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  prediction.expectSameType(as: target, "huber", file, line)
  expect(positive: δ, "δ", of: "huber", file, line)
  let d = (prediction - target).absolute()
  return (d .<= δ).selecting(0.5 * d.squared(), otherwise: δ * (d - 0.5 * δ))
    .reduced(reduction, file, line)
}

/// `d²/(2β)` for differences below β, and a straight line of slope 1 beyond; with β = 0 that is
/// ``meanAbsoluteError(_:_:reduction:file:line:)``.
///
/// Girshick. *Fast R-CNN*, 2015.
public func smoothL1(
  _ prediction: Tensor, _ target: Tensor, beta β: Double = 1, reduction: LossReduction = .mean,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  prediction.expectSameType(as: target, "smooth L1", file, line)
  guard β != 0 else {
    return meanAbsoluteError(prediction, target, reduction: reduction, file: file, line: line)
  }
  expect(positive: β, "β", of: "smooth L1", file, line)
  let d = (prediction - target).absolute()
  return (d .< β).selecting(d.squared() * (0.5 / β), otherwise: d - 0.5 * β)
    .reduced(reduction, file, line)
}

func expect(
  positive value: Double, _ what: String, of loss: String, _ file: StaticString, _ line: UInt
) {
  Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
    try LayerCheck(loss).expect(positive: value, what)
  }
}
