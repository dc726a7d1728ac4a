extension Tensor {
  /// A part along one axis: every `step`-th element from `start` up to, not including, `end`.
  ///
  /// Places may be counted from the end with negative numbers; a negative step goes backwards, from
  /// `start` down to, not including, `end`. What is left out is the whole way.
  ///
  ///     x.sliced(axis: 1, from: 1, to: 6, by: 2)  // 1, 3, 5
  ///     x.sliced(axis: 1, from: -2)               // the last two
  ///     x.sliced(axis: 1, by: -1)                 // reversed
  public func sliced(
    axis: Int, from start: Int? = nil, to end: Int? = nil, by step: Int = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try recordingSlice(axis: axis, from: start, to: end, by: step)
    }
  }

  package func recordingSlice(
    axis: Int, from start: Int?, to end: Int?, by step: Int
  ) throws(ShapeError) -> Tensor {
    let axis = try shape.resolve(axis: axis, "slice")
    let extent = shape[axis]
    guard step != 0, (-Shape.largestExtent...Shape.largestExtent).contains(step) else {
      throw ShapeError(
        "slice",
        "step must lie between 1 and \(Shape.largestExtent), or be the negative of that, "
          + "got \(step)")
    }
    func place(_ index: Int) throws(ShapeError) -> Int {
      guard (-extent...extent).contains(index) else {
        throw ShapeError(
          "slice",
          "place \(index) lies outside axis \(axis) of \(shape), whose places are "
            + "\(-extent) to \(extent)")
      }
      return index < 0 ? index + extent : index
    }
    if step > 0 {
      return try part(
        axis, try start.map(place) ?? 0, try end.map(place) ?? extent, step, backwards: false)
    }
    let first = try start.map(place) ?? extent - 1
    let beyond = try end.map(place) ?? -1
    guard first > beyond, first < extent else {
      throw ShapeError(
        "slice",
        "going backwards from \(first) to \(beyond) on axis \(axis) of \(shape) meets no "
          + "element")
    }
    // The same elements, forwards.
    let last = first - (first - beyond - 1) / -step * -step
    return try part(axis, last, first + 1, -step, backwards: true)
  }

  private func part(
    _ axis: Int, _ start: Int, _ end: Int, _ step: Int, backwards: Bool
  ) throws(ShapeError) -> Tensor {
    var starts = [Int](repeating: 0, count: rank)
    var ends = shape.extents
    var steps = [Int](repeating: 1, count: rank)
    (starts[axis], ends[axis], steps[axis]) = (start, end, step)
    let part = try Tensor.recording(Slice(start: starts, end: ends, step: steps), [self])
    return backwards ? try .recording(Reverse(axes: [axis]), [part]) : part
  }

  /// Parts of the given sizes along an axis, which together are all of it.
  public func split(
    sizes: [Int], axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> [Tensor] {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try recordingSplit(sizes: sizes, axis: axis)
    }
  }

  /// `count` equal parts along an axis.
  public func split(
    count: Int, axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> [Tensor] {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try recordingSplit(count: count, axis: axis)
    }
  }

  package func recordingSplit(count: Int, axis: Int) throws(ShapeError) -> [Tensor] {
    let axis = try shape.resolve(axis: axis, "split")
    guard count > 0, shape[axis] % count == 0 else {
      throw ShapeError(
        "split", "axis \(axis) of \(shape) does not fall into \(count) equal parts")
    }
    return try recordingSplit(
      sizes: [Int](repeating: shape[axis] / count, count: count), axis: axis)
  }

  package func recordingSplit(sizes: [Int], axis: Int) throws(ShapeError) -> [Tensor] {
    let axis = try shape.resolve(axis: axis, "split")
    var rest = shape[axis]
    for size in sizes {
      guard size > 0, size <= rest else {
        rest = -1
        break
      }
      rest -= size
    }
    guard rest == 0 else {
      throw ShapeError(
        "split", "parts of \(sizes) elements are not the \(shape[axis]) of axis \(axis) of \(shape)"
      )
    }
    var parts: [Tensor] = []
    var start = 0
    for size in sizes {
      parts.append(try part(axis, start, start + size, 1, backwards: false))
      start += size
    }
    return parts
  }

  /// Moved along an axis; what leaves at one end enters at the other.
  public func rolled(
    by shift: Int, axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      let axis = try shape.resolve(axis: axis, "roll")
      let remainder = shift % shape[axis]
      let shift = remainder < 0 ? remainder + shape[axis] : remainder
      guard shift > 0 else { return self }
      let parts = try recordingSplit(sizes: [shape[axis] - shift, shift], axis: axis)
      return try .recording(Concatenate(axis: axis), [parts[1], parts[0]])
    }
  }
}
