public import FoveaTensor

/// Every channel of every image brought to mean 0 and variance 1.
///
/// Ulyanov, Vedaldi, Lempitsky. *Instance normalization: the missing ingredient for fast
/// stylization*, 2016.
public struct InstanceNorm: Layer {
  /// The scale, `[C]`.
  public let weight: Parameter?
  /// The shift, `[C]`.
  public let bias: Parameter?
  public let channels: Int
  public let epsilon: Double

  /// - Parameter isAffine: whether there is a scale and a shift.
  public init(
    _ channels: Int, epsilon: Double = 1e-5, affine isAffine: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try BatchNorm.check("InstanceNorm", channels, epsilon, nil)
    }
    self.channels = channels
    self.epsilon = epsilon
    weight = isAffine ? Parameter(.ones, shape: [channels]) : nil
    bias = isAffine ? Parameter(.zeros, shape: [channels]) : nil
  }

  public func forward(_ x: Tensor) -> Tensor {
    Tensor.trapping(file: #fileID, line: #line) { () throws(ShapeError) in
      guard x.rank >= 3, x.shape[1] == channels else {
        throw ShapeError(name, "takes images [N, \(channels), spatial…], got \(x.shape)")
      }
    }
    return x.instanceNormalized(scale: weight?.tensor, shift: bias?.tensor, epsilon: epsilon)
  }

  public var declaration: String? {
    ProgramText.call(
      name, ("", channels), ("epsilon", epsilon.unless(1e-5)),
      ("affine", weight == nil ? nil : true))
  }
}
