extension Tensor {
  /// `x` above 0, a fraction of it below.
  ///
  /// Maas, Hannun, Ng. *Rectifier nonlinearities improve neural network acoustic models*, 2013.
  public func leakyReLU(
    slope: Double = 0.01, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    activated("leaky relu", file, line) { x in (x .> 0.0).selecting(x, otherwise: x * slope) }
  }

  /// `x` above 0, `α · x` below, where `α` is learnt: one number, or one per channel (axis 1).
  ///
  /// He, Zhang, Ren, Sun. *Delving deep into rectifiers*, 2015.
  public func prelu(
    slope: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try recordingPReLU(slope: slope)
    }
  }

  package func recordingPReLU(slope: Tensor) throws(ShapeError) -> Tensor {
    try expectFloatingPoint("prelu")
    guard slope.elementType == elementType else {
      throw ShapeError("prelu", "element types differ: \(type) and \(slope.type); cast one of them")
    }
    let channels = rank > 1 ? shape[1] : 1
    guard slope.rank <= 1, slope.shape.count == 1 || slope.shape.count == channels else {
      throw ShapeError(
        "prelu",
        "takes one slope, or one for each of the \(channels) channels of \(shape), got "
          + "shape \(slope.shape)")
    }
    let single = slope.shape.count == 1
    let slope = slope.reshaped(
      to: single ? [] : Shape([channels] + [Int](repeating: 1, count: rank - 2)))
    return (self .> 0.0).selecting(self, otherwise: self * slope)
  }

  /// `x` above 0, `α · (eˣ − 1)` below.
  ///
  /// Clevert, Unterthiner, Hochreiter. *Fast and accurate deep network learning by exponential
  /// linear units*, 2015.
  public func elu(
    alpha α: Double = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    activated("elu", file, line) { x in x.bentBelow { $0.expMinusOne() * α } }
  }

  /// The exponential linear unit whose constants keep mean 0 and variance 1 from layer to layer.
  ///
  /// Klambauer, Unterthiner, Mayr, Hochreiter. *Self-normalizing neural networks*, 2017.
  public func selu(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let alpha = 1.6732632423543772848170429916717
    let scale = 1.0507009873554804934193349852946
    return activated("selu", file, line) { x in x.bentBelow { $0.expMinusOne() * alpha } * scale }
  }

  /// `x` above 0, `α · (eˣ⸍ᵅ − 1)` below: smooth at 0 for every `α`.
  ///
  /// Barron. *Continuously differentiable exponential linear units*, 2017.
  public func celu(
    alpha α: Double = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    activated("celu", file, line) { x in x.bentBelow { ($0 / α).expMinusOne() * α } }
  }

  /// `x · sigmoid(x)`, also called swish.
  ///
  /// Hendrycks, Gimpel. *Gaussian error linear units*, 2016; Ramachandran, Zoph, Le. *Searching for
  /// activation functions*, 2017.
  public func silu(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    activated("silu", file, line) { x in x * x.sigmoid() }
  }

  /// `x · tanh(softplus(x))`.
  ///
  /// Misra. *Mish: a self regularized non-monotonic activation function*, 2019.
  public func mish(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    activated("mish", file, line) { x in x * x.softplus().tanh() }
  }

  /// `x / (1 + |x|)`.
  public func softsign(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    activated("softsign", file, line) { x in x / (x.absolute() + 1) }
  }

  /// `log(1 + e^(β·x)) / β`; the line `x` itself where `β·x` exceeds `threshold`.
  public func softplus(
    beta β: Double, threshold: Double = 20, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    activated("softplus", file, line) { x in
      (x * β .> threshold).selecting(x, otherwise: (x * β).softplus() / β)
    }
  }

  /// The logarithm of the sigmoid.
  public func logSigmoid(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    activated("log sigmoid", file, line) { x in -((-x).softplus()) }
  }

  /// `x − tanh x`.
  public func tanhshrink(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    activated("tanhshrink", file, line) { x in x - x.tanh() }
  }

  /// The part above 0, and the part below 0 as `bend` makes it.
  private func bentBelow(_ bend: (Tensor) -> Tensor) -> Tensor {
    // Clamped first: where it is not chosen, the bend must not overflow, or 0 · ∞ is its gradient.
    (self .> 0.0).selecting(self, otherwise: bend(clamped(to: ...0)))
  }

  /// What all activations refuse.
  package func activated(
    _ name: String, _ file: StaticString, _ line: UInt, _ body: (Tensor) -> Tensor
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try expectFloatingPoint(name)
      return body(self)
    }
  }
}
