public import FoveaTensor

/// `max(x, 0)`.
public struct ReLU: Layer {
  public init() {}
  public func forward(_ x: Tensor) -> Tensor { x.relu() }
}

/// `min(max(x, 0), 6)`.
public struct ReLU6: Layer {
  public init() {}
  public func forward(_ x: Tensor) -> Tensor { x.relu6() }
}

/// `x` above 0, `slope·x` below.
public struct LeakyReLU: Layer {
  public let slope: Double
  public init(slope: Double = 0.01) { self.slope = slope }
  public func forward(_ x: Tensor) -> Tensor { x.leakyReLU(slope: slope) }
  public var declaration: String? { ProgramText.call(name, ("slope", slope.unless(0.01))) }
}

/// `x` above 0, `α·(eˣ − 1)` below.
///
/// Clevert, Unterthiner, Hochreiter. *Fast and accurate deep network learning by exponential linear
/// units*, 2015.
public struct ELU: Layer {
  public let alpha: Double
  public init(alpha: Double = 1) { self.alpha = alpha }
  public func forward(_ x: Tensor) -> Tensor { x.elu(alpha: alpha) }
  public var declaration: String? { ProgramText.call(name, ("alpha", alpha.unless(1))) }
}

/// An exponential unit that keeps mean 0 and variance 1.
///
/// Klambauer, Unterthiner, Mayr, Hochreiter. *Self-normalizing neural networks*, 2017.
public struct SELU: Layer {
  public init() {}
  public func forward(_ x: Tensor) -> Tensor { x.selu() }
}

/// `x·Φ(x)`.
///
/// Hendrycks, Gimpel. *Gaussian error linear units*, 2016.
public struct GELU: Layer {
  /// Whether Φ is said with tanh.
  public let approximately: Bool
  public init(approximately: Bool = false) { self.approximately = approximately }
  public func forward(_ x: Tensor) -> Tensor { x.gelu(approximately: approximately) }
  public var declaration: String? {
    ProgramText.call(name, ("approximately", approximately.unless(false)))
  }
}

/// `x·σ(x)`, also called Swish.
///
/// Ramachandran, Zoph, Le. *Searching for activation functions*, 2017.
public struct SiLU: Layer {
  public init() {}
  public func forward(_ x: Tensor) -> Tensor { x.silu() }
}

/// `x·tanh(log(1 + eˣ))`.
///
/// Misra. *Mish: a self regularized non-monotonic activation function*, 2019.
public struct Mish: Layer {
  public init() {}
  public func forward(_ x: Tensor) -> Tensor { x.mish() }
}

/// `x·min(max(x + 3, 0), 6)/6`.
///
/// Howard and others. *Searching for MobileNetV3*, 2019.
public struct HardSwish: Layer {
  public init() {}
  public func forward(_ x: Tensor) -> Tensor { x.hardSwish() }
}

/// `min(max(x + 3, 0), 6)/6`.
public struct HardSigmoid: Layer {
  public init() {}
  public func forward(_ x: Tensor) -> Tensor { x.hardSigmoid() }
}

/// `1/(1 + e⁻ˣ)`.
public struct Sigmoid: Layer {
  public init() {}
  public func forward(_ x: Tensor) -> Tensor { x.sigmoid() }
}

/// The hyperbolic tangent.
public struct Tanh: Layer {
  public init() {}
  public func forward(_ x: Tensor) -> Tensor { x.tanh() }
}

/// `log(1 + eˣ)`.
public struct Softplus: Layer {
  public init() {}
  public func forward(_ x: Tensor) -> Tensor { x.softplus() }
}

/// Probabilities along an axis.
public struct Softmax: Layer {
  public let axis: Int
  public init(axis: Int = 1) { self.axis = axis }
  public func forward(_ x: Tensor) -> Tensor { x.softmax(axis: axis) }
  public var declaration: String? { ProgramText.call(name, ("axis", axis.unless(1))) }
}

/// The logarithms of ``Softmax``.
public struct LogSoftmax: Layer {
  public let axis: Int
  public init(axis: Int = 1) { self.axis = axis }
  public func forward(_ x: Tensor) -> Tensor { x.logSoftmax(axis: axis) }
  public var declaration: String? { ProgramText.call(name, ("axis", axis.unless(1))) }
}
