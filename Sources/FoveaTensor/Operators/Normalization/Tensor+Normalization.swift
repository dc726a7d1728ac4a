extension Tensor {
  /// Every channel of this batch `[N, C, …]` brought to mean 0 and variance 1, then scaled and
  /// shifted; with the mean and the biased variance `[C]` that were found.
  ///
  ///     let (y, mean, variance) = x.batchNormalized(scale: gamma, shift: beta)
  ///
  /// - Parameters:
  ///   - scale: one number per channel; all 1 when left out.
  ///   - shift: one number per channel; all 0 when left out.
  public func batchNormalized(
    scale: Tensor? = nil, shift: Tensor? = nil, epsilon: Double = 1e-5,
    file: StaticString = #fileID, line: UInt = #line
  ) -> (output: Tensor, mean: Tensor, variance: Tensor) {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      let results = try normalized(BatchNormalization(epsilon: epsilon), scale, shift)
      return (results[0], results[1], results[2])
    }
  }

  /// This batch `[N, C, …]` with every channel's `mean` removed and its `variance` divided away, then
  /// scaled and shifted: batch normalisation with statistics that are known.
  public func normalized(
    mean: Tensor, variance: Tensor, scale: Tensor? = nil, shift: Tensor? = nil,
    epsilon: Double = 1e-5, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(
      FrozenBatchNormalization(epsilon: epsilon), self,
      scale ?? Tensor(repeating: 1, shape: mean.shape, as: mean.elementType),
      shift ?? Tensor(repeating: 0, shape: mean.shape, as: mean.elementType), mean, variance,
      file: file, line: line)
  }

  /// The last `axes` axes together brought to mean 0 and variance 1, then scaled and shifted.
  ///
  /// - Parameters:
  ///   - scale: a tensor of the extents of those axes; all 1 when left out.
  ///   - shift: a tensor of the extents of those axes; all 0 when left out.
  public func layerNormalized(
    over axes: Int = 1, scale: Tensor? = nil, shift: Tensor? = nil, epsilon: Double = 1e-5,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try normalized(LayerNormalization(axes: axes, epsilon: epsilon), scale, shift)[0]
    }
  }

  /// Every group of channels of every image of `[N, C, …]` brought to mean 0 and variance 1, then
  /// scaled and shifted channel by channel.
  public func groupNormalized(
    groups: Int, scale: Tensor? = nil, shift: Tensor? = nil, epsilon: Double = 1e-5,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try normalized(GroupNormalization(groups: groups, epsilon: epsilon), scale, shift)[0]
    }
  }

  /// Every channel of every image of `[N, C, …]` brought to mean 0 and variance 1, then scaled and
  /// shifted channel by channel.
  public func instanceNormalized(
    scale: Tensor? = nil, shift: Tensor? = nil, epsilon: Double = 1e-5,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    groupNormalized(
      groups: rank >= 2 ? shape[1] : 1, scale: scale, shift: shift, epsilon: epsilon, file: file,
      line: line)
  }

  /// Every element over a power of the mean square of its neighbours in `size` channels:
  /// `x / (k + α · mean)^β`, where what is missing at the first and last channels counts as 0.
  public func locallyResponseNormalized(
    size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(
      LocalResponseNormalization(size: size, alpha: alpha, beta: beta, k: k), self, file: file,
      line: line)
  }

  private func normalized(
    _ operation: some Normalization, _ scale: Tensor?, _ shift: Tensor?
  ) throws(ShapeError) -> [Tensor] {
    // Before the shape of the parameters is asked for: it may not exist.
    try operation.check(shape)
    let parameters = TensorType(
      operation.parameterShape(of: shape), (scale ?? shift ?? self).elementType)
    let one = try Tensor.recording(Fill(1, parameters), [])
    let zero = try Tensor.recording(Fill(0, parameters), [])
    return try Tensor.recordingAll(operation, [self, scale ?? one, shift ?? zero])
  }
}
