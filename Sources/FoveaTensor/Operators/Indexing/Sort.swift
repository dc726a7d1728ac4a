/// The elements along an axis in order, and as int32 where each of them stood; or only the first
/// `count` of them.
///
/// Equal elements keep their order. Not-a-number counts as larger than every number.
package struct Sort: Operator {
  package let axis: Int
  package let descending: Bool
  /// How many are kept; all when `nil`.
  package let count: Int?

  package init(axis: Int, descending: Bool = false, count: Int? = nil) {
    self.axis = axis
    self.descending = descending
    self.count = count
  }

  package func types(of operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try expect(operands, count: 1)
    let axis = try resolve(axis: axis, of: operands[0].shape)
    var shape = operands[0].shape
    if let count {
      guard (1...shape[axis]).contains(count) else {
        throw ShapeError(
          name,
          "count must lie between 1 and the \(shape[axis]) elements of axis \(axis) of "
            + "\(shape), got \(count)")
      }
      shape[axis] = count
    }
    return [operands[0].with(shape: shape), TensorType(shape, .int32)]
  }

  package func evaluate(_ operands: [HostArray], into results: inout [HostArray]) {
    let x = operands[0]
    let axis = axis < 0 ? axis + x.shape.rank : axis
    let lanes = Lanes(x.shape, axis: axis)
    let kept = Lanes(results[0].shape, axis: axis)
    for lane in 0..<lanes.count {
      let line = lanes.positions(lane).map { x.scalars[$0] }
      let order = line.indices.sorted { a, b in
        let (left, right) = (line[a], line[b])
        if isBefore(left, right) { return true }
        return isBefore(right, left) ? false : a < b
      }
      for (position, place) in zip(kept.positions(lane), order) {
        results[0].scalars[position] = line[place]
        results[1].scalars[position] = Double(place)
      }
    }
  }

  private func isBefore(_ a: Double, _ b: Double) -> Bool {
    let (low, high) = descending ? (b, a) : (a, b)
    return low < high || (high.isNaN && !low.isNaN)
  }

  package func gradients(
    _ cotangents: [Tensor?], operands: [Tensor], results: [Tensor]
  ) throws(ShapeError) -> [Tensor?] {
    guard let g = cotangents[0], g.elementType.isFloatingPoint else { return [nil] }
    return [try .recording(ScatterAdd(axis: axis, into: operands[0].shape), [g, results[1]])]
  }
}

extension Tensor {
  /// The elements along an axis in order, and where each of them stood.
  public func sorted(
    axis: Int = -1, descending: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor) {
    sorted(Sort(axis: axis, descending: descending), file, line)
  }

  /// The `count` largest elements along an axis, the largest first, and where they stood; or the
  /// smallest.
  public func top(
    _ count: Int, axis: Int = -1, largest: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor) {
    sorted(Sort(axis: axis, descending: largest, count: count), file, line)
  }

  private func sorted(
    _ sort: Sort, _ file: StaticString, _ line: UInt
  ) -> (values: Tensor, indices: Tensor) {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      let results = try Tensor.recordingAll(sort, [self])
      return (results[0], results[1])
    }
  }
}
