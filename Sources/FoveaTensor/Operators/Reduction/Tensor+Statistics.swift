extension Tensor {
  /// The mean squared distance from the mean, along `axes` or of everything.
  ///
  /// - Parameter correction: what is taken off the count of elements that is divided by: 1 estimates
  ///   the variance of what the elements were drawn from, 0 is that of the elements themselves.
  public func variance(
    axes: [Int]? = nil, correction: Int = 1, keepsAxes: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try recordingVariance(axes: axes, correction: correction, keepsAxes: keepsAxes)
    }
  }

  /// The square root of the variance.
  public func standardDeviation(
    axes: [Int]? = nil, correction: Int = 1, keepsAxes: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    variance(axes: axes, correction: correction, keepsAxes: keepsAxes, file: file, line: line)
      .squareRoot()
  }

  package func recordingVariance(
    axes: [Int]?, correction: Int, keepsAxes: Bool
  ) throws(ShapeError) -> Tensor {
    try expectFloatingPoint("variance")
    let axes = axes ?? Array(0..<rank)
    let mean = try Tensor.recording(Reduction(.mean, axes: axes, keepsAxes: true), [self])
    let count = shape.count / mean.shape.count
    guard (0..<count).contains(correction) else {
      throw ShapeError(
        "variance",
        "correction must lie between 0 and \(count - 1) for \(count) element(s), "
          + "got \(correction)")
    }
    let sum = try Tensor.recording(
      Reduction(.sum, axes: axes, keepsAxes: keepsAxes), [(self - mean).squared()])
    return sum / Double(count - correction)
  }

  /// `log Σ eˣ` along `axes` or of everything, which does not overflow.
  public func logSumExp(
    axes: [Int]? = nil, keepsAxes: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try expectFloatingPoint("log sum exp")
      let axes = axes ?? Array(0..<rank)
      // The result does not depend on what is taken off, so nor does its gradient.
      let largest = try Tensor.recording(Reduction(.maximum, axes: axes, keepsAxes: true), [self])
        .withoutGradient()
      let shift = largest.replacing(where: .!largest.isFinite(), with: 0.0)
      let sum = (self - shift).exp().sum(axes: axes, keepsAxes: keepsAxes)
      return sum.log() + shift.reshaped(to: sum.shape)
    }
  }

  /// `(Σ |x|ᵖ)¹⸍ᵖ` along `axes` or of everything, `max |x|` for `p = ∞`; its gradient at 0 is 0.
  public func norm(
    power p: Double = 2, axes: [Int]? = nil, keepsAxes: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try recordingNorm(power: p, axes: axes, keepsAxes: keepsAxes)
    }
  }

  package func recordingNorm(
    power p: Double, axes: [Int]?, keepsAxes: Bool
  ) throws(ShapeError) -> Tensor {
    try expectFloatingPoint("norm")
    guard p > 0 else { throw ShapeError("norm", "power must be positive, got \(p)") }
    let axes = axes ?? Array(0..<rank)
    func reduced(_ function: Reduction.Function, _ x: Tensor) throws(ShapeError) -> Tensor {
      try .recording(Reduction(function, axes: axes, keepsAxes: keepsAxes), [x])
    }
    if p == 1 { return try reduced(.sum, absolute()) }
    if p == .infinity { return try reduced(.maximum, absolute()) }
    if p == 2 { return try reduced(.sum, squared()).awayFromZero { $0.squareRoot() } }
    let powers = absolute().awayFromZero { $0.power(p) }
    return try reduced(.sum, powers).awayFromZero { $0.power(1 / p) }
  }

  /// `f(x)`, and 0 with no gradient where `x` is 0.
  private func awayFromZero(_ f: (Tensor) -> Tensor) -> Tensor {
    let zero = self .== 0.0
    return f(replacing(where: zero, with: 1.0)).replacing(where: zero, with: 0.0)
  }
}
