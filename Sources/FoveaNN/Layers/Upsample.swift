public import FoveaTensor

/// An image at a larger or smaller size.
public struct Upsample: Layer {
  enum Target: Hashable, Sendable {
    case size(Extents)
    case factors([Double])
  }

  let target: Target
  public let method: ResizeMethod
  public let coordinates: ResizeCoordinates

  /// To a size.
  public init(
    to size: Extents, _ method: ResizeMethod = .nearest,
    coordinates: ResizeCoordinates = .halfPixel, file: StaticString = #fileID, line: UInt = #line
  ) {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try LayerCheck("Upsample").expect(size, axes: nil, "size")
    }
    target = .size(size)
    self.method = method
    self.coordinates = coordinates
  }

  /// By a factor on every spatial axis.
  public init(
    by factor: Double, _ method: ResizeMethod = .nearest,
    coordinates: ResizeCoordinates = .halfPixel, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(by: [factor], method, coordinates: coordinates, file: file, line: line)
  }

  /// By a factor per spatial axis.
  public init(
    by factors: [Double], _ method: ResizeMethod = .nearest,
    coordinates: ResizeCoordinates = .halfPixel, file: StaticString = #fileID, line: UInt = #line
  ) {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      guard !factors.isEmpty else { throw ShapeError("Upsample", "takes a factor, got none") }
      for factor in factors { try LayerCheck("Upsample").expect(positive: factor, "factor") }
    }
    target = .factors(factors)
    self.method = method
    self.coordinates = coordinates
  }

  public func forward(_ x: Tensor) -> Tensor {
    switch target {
    case .size(let size): return x.resized(to: size, method, coordinates: coordinates)
    case .factors(let factors):
      // One factor stands for every axis.
      let all =
        factors.count == 1
        ? [Double](repeating: factors[0], count: max(x.rank - 2, 1)) : factors
      return x.resized(by: all, method, coordinates: coordinates)
    }
  }

  public var declaration: String? {
    let method = method == .nearest ? nil : ".\(method)"
    let coordinates = coordinates == .halfPixel ? nil : ".\(coordinates)"
    switch target {
    case .size(let size):
      return ProgramText.call(
        name, ("to", size), ("", method), ("coordinates", coordinates))
    case .factors(let factors):
      let factor: any CustomStringConvertible = factors.count == 1 ? factors[0] : factors
      return ProgramText.call(
        name, ("by", factor), ("", method), ("coordinates", coordinates))
    }
  }
}
