extension Tensor {
  /// Random numbers from 0 up to, not including, 1.
  ///
  /// - Parameters:
  ///   - key: int32[2]; which random numbers.
  ///   - counter: int32[4]; where among them to begin. Every four elements use up one.
  public static func randomUniform(
    _ shape: Shape, as elementType: ElementType = .float32, key: Tensor, counter: Tensor,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(
      RandomNumbers(.uniform, TensorType(shape, elementType)), key, counter,
      file: file, line: line)
  }

  /// Normally distributed random numbers of mean 0 and variance 1.
  public static func randomNormal(
    _ shape: Shape, as elementType: ElementType = .float32, key: Tensor, counter: Tensor,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(
      RandomNumbers(.normal, TensorType(shape, elementType)), key, counter,
      file: file, line: line)
  }

  /// Truths, each true with a probability.
  public static func randomBernoulli(
    _ shape: Shape, probability: Double, key: Tensor, counter: Tensor,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(
      RandomNumbers(.bernoulli(probability), TensorType(shape, .bool)), key, counter,
      file: file, line: line)
  }

  /// Random words, all 32 bits of an int32.
  public static func randomBits(
    _ shape: Shape, key: Tensor, counter: Tensor,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(
      RandomNumbers(.bits, TensorType(shape, .int32)), key, counter, file: file, line: line)
  }

  /// Each element 0 with a probability, the others enlarged so that the mean stays.
  ///
  /// Srivastava and others. *Dropout: a simple way to prevent neural networks from overfitting*,
  /// 2014.
  public func droppedOut(
    probability: Double, key: Tensor, counter: Tensor,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try recordingDropout(probability: probability, key: key, counter: counter)
    }
  }

  package func recordingDropout(
    probability p: Double, key: Tensor, counter: Tensor
  ) throws(ShapeError) -> Tensor {
    try expectFloatingPoint("dropout")
    guard (0...1).contains(p) else {
      throw ShapeError("dropout", "probability must lie between 0 and 1, got \(p)")
    }
    let kept = try Tensor.recording(
      RandomNumbers(.bernoulli(1 - p), TensorType(shape, .bool)), [key, counter])
    return kept.selecting(p < 1 ? self * (1 / (1 - p)) : self, otherwise: 0.0)
  }
}
