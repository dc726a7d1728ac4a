public import FoveaTensor

/// `x` above 0, `w·x` below, where `w` is learnt: one for all, or one per channel.
///
/// He, Zhang, Ren, Sun. *Delving deep into rectifiers*, 2015.
public struct PReLU: Layer {
  /// The slope, `[1]` or `[C]`.
  public let weight: Parameter

  public init(
    channels: Int = 1, slope: Double = 0.25, file: StaticString = #fileID, line: UInt = #line
  ) {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try LayerCheck("PReLU").expect(channels, "the number of slopes")
    }
    weight = Parameter(.constant(slope), shape: [channels], file: file, line: line)
  }

  public func forward(_ x: Tensor) -> Tensor { x.prelu(slope: weight.tensor) }

  public var declaration: String? {
    ProgramText.call(name, ("channels", weight.shape[0].unless(1)))
  }
}
