public import FoveaTensor

/// The means of as many windows as asked for, whatever the size of the image.
public struct AdaptiveAveragePool: Layer {
  public let windows: Extents

  public init(_ windows: Extents, file: StaticString = #fileID, line: UInt = #line) {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try LayerCheck("AdaptiveAveragePool").expect(windows, axes: nil, "the number of windows")
    }
    self.windows = windows
  }

  public func forward(_ x: Tensor) -> Tensor { x.adaptiveAveragePooled(to: windows) }

  public var declaration: String? { ProgramText.call(name, ("", windows)) }
}

/// The mean of each whole plane: `[N, C, H, W]` becomes `[N, C, 1, 1]`.
///
/// Lin, Chen, Yan. *Network in network*, 2013, section 3.2.
public struct GlobalAveragePool: Layer {
  public init() {}

  public func forward(_ x: Tensor) -> Tensor { x.globalAveragePooled() }
}
