extension Tensor {
  /// This image `[N, C, spatial…]` at other spatial extents.
  ///
  ///     x.resized(to: [224, 224])
  ///     x.resized(to: 64, .cubic(), coordinates: .alignCorners)
  public func resized(
    to output: Extents, _ method: ResizeMethod = .linear,
    coordinates: ResizeCoordinates = .halfPixel,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      let rank = try shape.spatialExtents("resize").count
      let output = try output.spread(over: rank, "resize", "output")
      return try .recording(Resize(ResizeRule(method, coordinates), to: output), [self])
    }
  }

  /// This image with each spatial extent multiplied by a factor and rounded down; positions are
  /// computed with the factor, not with the ratio of the extents.
  ///
  ///     x.resized(by: [2, 1.5], .nearest)
  public func resized(
    by factors: [Double], _ method: ResizeMethod = .linear,
    coordinates: ResizeCoordinates = .halfPixel,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      let size = try shape.spatialExtents("resize")
      guard factors.count == size.count, factors.allSatisfy({ $0.isFinite && $0 > 0 }) else {
        throw ShapeError(
          "resize",
          "takes one positive factor for each of \(size.count) spatial axes, got \(factors)")
      }
      let output = zip(size, factors).map { size, factor in
        Int(Swift.min(Double(size) * factor, Double(Shape.largestExtent) + 1))
      }
      let rule = ResizeRule(method, coordinates, steps: factors.map { 1 / $0 })
      return try .recording(Resize(rule, to: Extents(output)), [self])
    }
  }
}
