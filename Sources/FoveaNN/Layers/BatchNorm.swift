public import FoveaTensor

/// Every channel brought to mean 0 and variance 1 over the batch, then scaled and shifted; for
/// images of any number of spatial axes.
///
/// In training mode the statistics are those of the batch, and running ones are kept, which
/// inference uses.
///
/// Ioffe, Szegedy. *Batch normalization: accelerating deep network training by reducing internal
/// covariate shift*, 2015.
public struct BatchNorm: Layer {
  /// The scale, `[C]`.
  public let weight: Parameter?
  /// The shift, `[C]`.
  public let bias: Parameter?
  public let runningMean: Parameter?
  public let runningVar: Parameter?
  public let numBatchesTracked: Parameter?
  public let channels: Int
  public let epsilon: Double
  /// How much of a batch enters the running statistics; `nil` for the mean of all batches.
  public let momentum: Double?

  /// - Parameters:
  ///   - isAffine: whether there is a scale and a shift.
  ///   - isTracking: whether running statistics are kept; otherwise the batch always decides.
  public init(
    _ channels: Int, epsilon: Double = 1e-5, momentum: Double? = 0.1, affine isAffine: Bool = true,
    tracking isTracking: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try BatchNorm.check("BatchNorm", channels, epsilon, momentum)
    }
    self.channels = channels
    self.epsilon = epsilon
    self.momentum = momentum
    weight = isAffine ? Parameter(.ones, shape: [channels]) : nil
    bias = isAffine ? Parameter(.zeros, shape: [channels]) : nil
    runningMean = isTracking ? Parameter(.zeros, shape: [channels], trainable: false) : nil
    runningVar = isTracking ? Parameter(.ones, shape: [channels], trainable: false) : nil
    numBatchesTracked = isTracking ? .count(file, line) : nil
  }

  static func check(
    _ layer: String, _ channels: Int, _ epsilon: Double, _ momentum: Double?
  ) throws(ShapeError) {
    let check = LayerCheck(layer)
    try check.expect(channels, "the number of channels")
    try check.expect(positive: epsilon, "epsilon")
    if let momentum { try check.expect(momentum, in: 0...1, "momentum") }
  }

  public func forward(_ x: Tensor) -> Tensor {
    let (scale, shift) = (weight?.tensor, bias?.tensor)
    if Mode.current == .inference, let runningMean, let runningVar {
      return x.normalized(
        mean: runningMean.tensor, variance: runningVar.tensor, scale: scale, shift: shift,
        epsilon: epsilon)
    }
    let found = x.batchNormalized(scale: scale, shift: shift, epsilon: epsilon)
    if Mode.current == .training {
      track(found.mean, found.variance, samples: x.shape.count / channels)
    }
    return found.output
  }

  /// The running variance is that of the population, `n / (n − 1)` times the batch's own.
  private func track(_ mean: Tensor, _ variance: Tensor, samples: Int) {
    guard let runningMean, let runningVar, let numBatchesTracked else { return }
    let count = numBatchesTracked.tensor + numBatchesTracked.tensor.constant(1.0)
    numBatchesTracked.tensor = count
    let unbiased = variance * (Double(samples) / Double(max(samples - 1, 1)))
    for (running, new) in [(runningMean, mean), (runningVar, unbiased)] {
      let old = running.tensor
      running.tensor =
        if let momentum {
          (1 - momentum) * old + momentum * new
        } else {
          old + (new - old) / count.cast(to: old.elementType)
        }
    }
  }

  public var declaration: String? {
    ProgramText.call(
      name, ("", channels), ("epsilon", epsilon.unless(1e-5)),
      ("momentum", momentum == 0.1 ? nil : momentum ?? "nil"),
      ("affine", weight == nil ? false : nil), ("tracking", runningMean == nil ? false : nil))
  }
}

extension Parameter {
  /// How many batches there were. Old checkpoints do not have it.
  fileprivate static func count(_ file: StaticString, _ line: UInt) -> Parameter {
    Parameter(
      .zeros, TensorType([], .int64), trainable: false, optionalWhenLoading: true, file, line)
  }
}
