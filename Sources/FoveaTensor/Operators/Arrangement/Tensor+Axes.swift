extension Tensor {
  /// A new axis of extent 1 at a place of the result.
  public func unsqueezed(
    axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      var extents = shape.extents
      let place = try Shape(extents + [1]).resolve(axis: axis, "unsqueeze")
      extents.insert(1, at: place)
      return try .recording(Reshape(to: Shape(extents)), [self])
    }
  }

  /// Without an axis of extent 1, or without all of them.
  public func squeezed(
    axis: Int? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try recordingSqueeze(axis: axis)
    }
  }

  package func recordingSqueeze(axis: Int?) throws(ShapeError) -> Tensor {
    guard let axis else {
      return reshaped(to: Shape(shape.extents.filter { $0 != 1 }))
    }
    let place = try shape.resolve(axis: axis, "squeeze")
    guard shape[place] == 1 else {
      throw ShapeError(
        "squeeze", "axis \(place) of \(shape) has \(shape[place]) elements, only 1 can go")
    }
    return try .recording(Reshape(to: shape.reduced([place], keepsAxes: false)), [self])
  }

  /// This, several times one behind the other along each axis; as many counts as axes, or more for
  /// new ones in front.
  ///
  ///     Tensor([1, 2], shape: [2]).repeated([2, 2])  // [[1, 2, 1, 2], [1, 2, 1, 2]]
  public func repeated(
    _ counts: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try recordingRepeat(counts)
    }
  }

  package func recordingRepeat(_ counts: [Int]) throws(ShapeError) -> Tensor {
    guard counts.count >= rank else {
      throw ShapeError("repeat", "takes a count for each axis of \(shape), got \(counts)")
    }
    for count in counts where !(1...Shape.largestExtent).contains(count) {
      throw ShapeError(
        "repeat", "counts must lie between 1 and \(Shape.largestExtent), got \(counts)")
    }
    let extents = [Int](repeating: 1, count: counts.count - rank) + shape.extents
    // Each axis with a new one before it, which is then stretched.
    let paired = Shape(extents.flatMap { [1, $0] })
    let stretched = Shape(zip(counts, extents).flatMap { [$0, $1] })
    let wide = try Tensor.recording(
      Expand(to: stretched), [try .recording(Reshape(to: paired), [self])])
    return try .recording(Reshape(to: Shape(zip(counts, extents).map(*))), [wide])
  }

  /// What stands on the diagonal of the last two axes and above it, else 0.
  ///
  /// - Parameter diagonal: which diagonal is meant: 1 is the one above the main one.
  public func upperTriangle(
    diagonal: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try recordingTriangle("upper triangle", diagonal, .lessOrEqual)
    }
  }

  /// What stands on the diagonal of the last two axes and below it, else 0.
  public func lowerTriangle(
    diagonal: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try recordingTriangle("lower triangle", diagonal, .greaterOrEqual)
    }
  }

  /// What stands where `row + diagonal` has a relation to `column`.
  package func recordingTriangle(
    _ name: String, _ diagonal: Int, _ relation: Comparison.Relation
  ) throws(ShapeError) -> Tensor {
    guard rank >= 2 else { throw ShapeError(name, "takes at least two axes, got \(shape)") }
    guard elementType != .bool else { throw ShapeError(name, "takes numbers, got \(type)") }
    guard (-shape[-2]...shape[-1]).contains(diagonal) else {
      throw ShapeError(
        name,
        "diagonal must lie between \(-shape[-2]) and \(shape[-1]) for \(shape), "
          + "got \(diagonal)")
    }
    let rows = Tensor(counting: shape[-2], as: .int64).reshaped(to: [shape[-2], 1])
    let columns = Tensor(counting: shape[-1], as: .int64)
    let kept = try Tensor.recording(Comparison(relation), [rows + Double(diagonal), columns])
    return kept.selecting(self, otherwise: 0.0)
  }
}
