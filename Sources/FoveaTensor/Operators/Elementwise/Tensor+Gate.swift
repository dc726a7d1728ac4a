extension Tensor {
  /// `x · Φ(x)`, where `Φ` is the distribution function of the normal distribution; with
  /// `approximately`, the form with the hyperbolic tangent.
  ///
  /// Hendrycks, Gimpel. *Gaussian error linear units*, 2016.
  public func gelu(
    approximately: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    activated("gelu", file, line) { x in
      let bent: Tensor
      if approximately {
        let cubic = x + x * x.squared() * 0.044715
        bent = (cubic * (2 / Double.pi).squareRoot()).tanh()
      } else {
        bent = (x * 0.5.squareRoot()).erf()
      }
      return x * 0.5 * (bent + 1)
    }
  }

  /// `x` within the range, its ends outside.
  public func hardTanh(
    _ range: ClosedRange<Double> = -1...1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    activated("hard tanh", file, line) { x in x.cut(range) }
  }

  /// `min(max(x, 0), 6)`.
  ///
  /// Krizhevsky. *Convolutional deep belief networks on CIFAR-10*, 2010.
  public func relu6(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    activated("relu6", file, line) { x in x.cut(0...6) }
  }

  /// `min(max(x + 3, 0), 6) / 6`: a sigmoid of three straight lines.
  public func hardSigmoid(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    activated("hard sigmoid", file, line) { x in (x + 3).cut(0...6) * (1.0 / 6) }
  }

  /// `x · min(max(x + 3, 0), 6) / 6`.
  ///
  /// Howard and others. *Searching for MobileNetV3*, 2019.
  public func hardSwish(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    activated("hard swish", file, line) { x in x * ((x + 3).cut(0...6) * (1.0 / 6)) }
  }

  /// `x` where `|x|` exceeds `lambda`, else 0.
  public func hardshrink(
    lambda λ: Double = 0.5, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    activated("hardshrink", file, line) { x in (x.absolute() .> λ).selecting(x, otherwise: 0.0) }
  }

  /// `x` brought `lambda` nearer to 0, and 0 where it is nearer already.
  public func softshrink(
    lambda λ: Double = 0.5, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    activated("softshrink", file, line) { x in
      x - Tensor.record(Clamp(-λ, λ), x, file: file, line: line)
    }
  }

  /// `x` above `threshold`, else `value`.
  public func thresholded(
    _ threshold: Double, otherwise value: Double,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    activated("threshold", file, line) { x in (x .> threshold).selecting(x, otherwise: value) }
  }

  /// The first half along an axis, times the sigmoid of the second.
  ///
  /// Dauphin, Fan, Auli, Grangier. *Language modeling with gated convolutional networks*, 2016.
  public func glu(
    axis: Int = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try recordingGLU(axis: axis)
    }
  }

  package func recordingGLU(axis: Int) throws(ShapeError) -> Tensor {
    try expectFloatingPoint("glu")
    let axis = try shape.resolve(axis: axis, "glu")
    guard shape[axis] % 2 == 0 else {
      throw ShapeError("glu", "axis \(axis) of \(shape) has no two halves")
    }
    let halves = try recordingSplit(count: 2, axis: axis)
    return halves[0] * halves[1].sigmoid()
  }

  /// Clamped, with no gradient at the ends, as all that is a straight line there.
  private func cut(_ range: ClosedRange<Double>) -> Tensor {
    .record(Clamp(range.lowerBound, range.upperBound, passesAtBounds: false), self)
  }
}
