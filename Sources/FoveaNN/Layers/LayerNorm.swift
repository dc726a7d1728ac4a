public import FoveaTensor

/// The last axes together brought to mean 0 and variance 1, then scaled and shifted number by
/// number.
///
/// Ba, Kiros, Hinton. *Layer normalization*, 2016.
public struct LayerNorm: Layer {
  /// The scale, of the normalised extents.
  public let weight: Parameter?
  /// The shift, of the normalised extents.
  public let bias: Parameter?
  public let extents: Shape
  public let epsilon: Double

  public init(
    _ extents: Shape, epsilon: Double = 1e-5, affine isAffine: Bool = true,
    bias hasBias: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try LayerNorm.check(extents, epsilon)
    }
    self.extents = extents
    self.epsilon = epsilon
    weight = isAffine ? Parameter(.ones, shape: extents, file: file, line: line) : nil
    bias = isAffine && hasBias ? Parameter(.zeros, shape: extents, file: file, line: line) : nil
  }

  static func check(_ extents: Shape, _ epsilon: Double) throws(ShapeError) {
    let check = LayerCheck("LayerNorm")
    guard extents.rank > 0 else {
      throw ShapeError("LayerNorm", "takes the extents of the axes it normalises, got none")
    }
    for extent in extents.extents { try check.expect(extent, "an extent") }
    try check.expect(positive: epsilon, "epsilon")
  }

  public func forward(_ x: Tensor) -> Tensor {
    Tensor.trapping(file: #fileID, line: #line) { () throws(ShapeError) in
      guard x.rank >= extents.rank, Array(x.shape.extents.suffix(extents.rank)) == extents.extents
      else {
        throw ShapeError(name, "takes a tensor whose last extents are \(extents), got \(x.shape)")
      }
    }
    return x.layerNormalized(
      over: extents.rank, scale: weight?.tensor, shift: bias?.tensor, epsilon: epsilon)
  }

  public var declaration: String? {
    ProgramText.call(
      name, ("", extents), ("epsilon", epsilon.unless(1e-5)),
      ("affine", weight == nil ? false : nil),
      ("bias", weight != nil && bias == nil ? false : nil))
  }
}
