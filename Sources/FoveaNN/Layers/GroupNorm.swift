public import FoveaTensor

/// Groups of channels of every image brought to mean 0 and variance 1, then scaled and shifted
/// channel by channel.
///
/// Wu, He. *Group normalization*, 2018.
public struct GroupNorm: Layer {
  /// The scale, `[C]`.
  public let weight: Parameter?
  /// The shift, `[C]`.
  public let bias: Parameter?
  public let groups: Int
  public let channels: Int
  public let epsilon: Double

  public init(
    groups: Int, channels: Int, epsilon: Double = 1e-5, affine isAffine: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try GroupNorm.check(groups, channels, epsilon)
    }
    self.groups = groups
    self.channels = channels
    self.epsilon = epsilon
    weight = isAffine ? Parameter(.ones, shape: [channels]) : nil
    bias = isAffine ? Parameter(.zeros, shape: [channels]) : nil
  }

  static func check(_ groups: Int, _ channels: Int, _ epsilon: Double) throws(ShapeError) {
    let check = LayerCheck("GroupNorm")
    try check.expect(channels, "the number of channels")
    try check.expectGroups(groups, divide: (channels, "channels"))
    try check.expect(positive: epsilon, "epsilon")
  }

  public func forward(_ x: Tensor) -> Tensor {
    x.groupNormalized(
      groups: groups, scale: weight?.tensor, shift: bias?.tensor, epsilon: epsilon)
  }

  public var declaration: String? {
    ProgramText.call(
      name, ("groups", groups), ("channels", channels), ("epsilon", epsilon.unless(1e-5)),
      ("affine", weight == nil ? false : nil))
  }
}
