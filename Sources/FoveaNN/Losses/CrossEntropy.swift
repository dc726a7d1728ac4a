public import FoveaTensor

/// The cross-entropy between `logits` `[N, classes, …]` and integer `labels` `[N, …]`.
///
/// ```swift
/// optimizer.step(minimizing: crossEntropy(model(images), labels))
/// ```
///
/// - Parameters:
///   - smoothing: how much of the target is spread over all classes alike; Szegedy and others,
///     *Rethinking the Inception architecture for computer vision*, 2015.
///   - weights: how much each class counts, `[classes]`; the mean is then a weighted one.
///   - ignored: the label of samples that do not count, neither in the mean.
public func crossEntropy(
  _ logits: Tensor, _ labels: Tensor, smoothing: Double = 0, weights: Tensor? = nil,
  ignoring ignored: Int? = nil, reduction: LossReduction = .mean,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  guard let weights else {
    let losses = logits.softmaxCrossEntropy(
      labels: labels, smoothing: smoothing, ignoring: ignored, file: file, line: line)
    guard reduction == .mean, let ignored else { return losses.reduced(reduction, file, line) }
    let counted = labels.counting(except: ignored, as: logits.elementType)
    return losses.sum() / counted.sum()
  }
  checkWeights(weights, logits, smoothing, file, line)
  // The labels are checked by recording the plain loss, which nothing then needs.
  _ = logits.softmaxCrossEntropy(labels: labels, file: file, line: line)
  let logProbabilities = logits.logSoftmax(axis: 1, file: file, line: line)
  var column = labels.shape
  column.extents.insert(1, at: 1)
  let counted = ignored.map { labels.counting(except: $0, as: logits.elementType) }
  // A label that does not count may be no class at all; it then stands for class 0.
  let classes =
    ignored.map { labels.replacing(where: labels .== labels.whole($0), with: 0.0) }
    ?? labels
  let weight = weights.taking(classes)
  var losses =
    -(logProbabilities.gathered(at: classes.reshaped(to: column), axis: 1)
    .reshaped(to: labels.shape)) * weight * (1 - smoothing)
  if smoothing > 0 {
    var alongClasses = Shape([Int](repeating: 1, count: logits.rank))
    alongClasses[1] = logits.shape[1]
    let spread = -(logProbabilities * weights.reshaped(to: alongClasses)).sum(axes: [1])
    losses = losses + spread * (smoothing / Double(logits.shape[1]))
  }
  if let counted { losses = losses * counted }
  guard reduction == .mean else { return losses.reduced(reduction, file, line) }
  return losses.sum() / (counted.map { weight * $0 } ?? weight).sum()
}

/// The cross-entropy between `logits` and `distributions` over the classes, both `[N, classes, …]`,
/// as with mixed images or a teacher's answer.
///
/// The mean is that of samples, not of numbers.
public func crossEntropy(
  _ logits: Tensor, distributions: Tensor, smoothing: Double = 0, weights: Tensor? = nil,
  reduction: LossReduction = .mean, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkWeights(weights, logits, smoothing, file, line)
  logits.expectSameType(as: distributions, "cross entropy", file, line)
  var target = distributions
  if smoothing > 0 {
    target = target * (1 - smoothing) + smoothing / Double(logits.shape[1])
  }
  if let weights {
    var alongClasses = Shape([Int](repeating: 1, count: logits.rank))
    alongClasses[1] = logits.shape[1]
    target = target * weights.reshaped(to: alongClasses)
  }
  return logits.softmaxCrossEntropy(distributions: target, file: file, line: line)
    .reduced(reduction, file, line)
}

private func checkWeights(
  _ weights: Tensor?, _ logits: Tensor, _ smoothing: Double, _ file: StaticString, _ line: UInt
) {
  Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
    guard logits.rank >= 2 else {
      throw ShapeError("cross entropy", "takes logits [N, classes, …], got \(logits.shape)")
    }
    guard (0...1).contains(smoothing) else {
      throw ShapeError(
        "cross entropy", "label smoothing must lie between 0 and 1, got \(smoothing)")
    }
    let expected = TensorType([logits.shape[1]], logits.elementType)
    if let weights, weights.type != expected {
      throw ShapeError(
        "cross entropy",
        "weights of \(logits.shape[1]) classes must be \(expected), got "
          + "\(weights.type)")
    }
  }
}

/// The share of samples whose largest logit is at their label: `logits` `[N, classes, …]`, integer
/// `labels` `[N, …]`.
public func accuracy(
  _ logits: Tensor, _ labels: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let predictions = logits.argmax(axis: 1, file: file, line: line)
  Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
    guard predictions.shape == labels.shape else {
      throw ShapeError(
        "accuracy", "logits \(logits.shape) need labels \(predictions.shape), got \(labels.shape)")
    }
  }
  let hits = predictions .== labels.cast(to: predictions.elementType)
  return hits.cast(to: .float32).mean()
}

extension Tensor {
  /// A whole number of this tensor's element type.
  fileprivate func whole(_ number: Int) -> Tensor { constant(Double(number)) }

  /// 1 for every label but one, which is 0.
  fileprivate func counting(except label: Int, as elementType: ElementType) -> Tensor {
    (.!(self .== whole(label))).cast(to: elementType)
  }
}
