public import FoveaTensor

/// Every number divided by what its neighbouring channels say at the same place.
///
/// Krizhevsky, Sutskever, Hinton. *ImageNet classification with deep convolutional neural networks*,
/// 2012, section 3.3; as PyTorch writes it, α is divided by the size.
public struct LocalResponseNorm: Layer {
  public let size: Int
  public let alpha: Double
  public let beta: Double
  public let k: Double

  public init(
    _ size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try LayerCheck("LocalResponseNorm").expect(size, "the number of neighbouring channels")
    }
    self.size = size
    self.alpha = alpha
    self.beta = beta
    self.k = k
  }

  public func forward(_ x: Tensor) -> Tensor {
    x.locallyResponseNormalized(size: size, alpha: alpha, beta: beta, k: k)
  }

  public var declaration: String? {
    ProgramText.call(
      name, ("", size), ("alpha", alpha.unless(1e-4)), ("beta", beta.unless(0.75)),
      ("k", k.unless(1)))
  }
}
