public import FoveaTensor

/// Something around an image's spatial axes.
public struct Pad: Layer {
  public let padding: Padding
  public let surroundings: Surroundings

  public init(
    _ padding: Padding, _ surroundings: Surroundings = .constant(0),
    file: StaticString = #fileID, line: UInt = #line
  ) {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try LayerCheck("Pad").expect(padding, axes: nil)
    }
    self.padding = padding
    self.surroundings = surroundings
  }

  public func forward(_ x: Tensor) -> Tensor { x.padded(padding, surroundings) }

  public var declaration: String? {
    ProgramText.call(
      name, ("", padding.words ?? "0"),
      ("", surroundings == .constant(0) ? nil : ".\(surroundings)"))
  }
}
