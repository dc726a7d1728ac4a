/// A tensor with something around it: `low[axis]` elements before, `high[axis]` behind.
package struct Pad: SingleResultOperator {
  package let low: [Int]
  package let high: [Int]
  package let surroundings: Surroundings

  package init(low: [Int], high: [Int], _ surroundings: Surroundings) {
    self.low = low
    self.high = high
    self.surroundings = surroundings
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    return operands[0].with(shape: try padded(operands[0].shape, name))
  }

  func padded(_ shape: Shape, _ operation: String) throws(ShapeError) -> Shape {
    guard low.count == shape.rank, high.count == shape.rank else {
      throw ShapeError(
        operation, "low \(low) and high \(high) must name the \(shape.rank) axes of \(shape)")
    }
    var result = shape
    for axis in 0..<shape.rank {
      for (side, amount) in [("low", low[axis]), ("high", high[axis])] {
        let most = most(shape[axis])
        guard (0...most).contains(amount) else {
          throw ShapeError(
            operation,
            "\(side) padding of axis \(axis) of \(shape) must lie between 0 and \(most), "
              + "got \(amount)")
        }
      }
      result[axis] += low[axis] + high[axis]
    }
    return result
  }

  /// How much there can be on one side of an axis: an image is mirrored or repeated once.
  private func most(_ extent: Int) -> Int {
    switch surroundings {
    case .constant, .edge: Shape.largestExtent
    case .reflection: extent - 1
    case .symmetry, .repetition: extent
    }
  }

  /// Calls `body` with every element of the padded shape and where it comes from; `nil` for the
  /// constant.
  func forEach(_ shape: Shape, padded: Shape, _ body: (_ result: Int, _ source: Int?) -> Void) {
    let strides = shape.strides
    for index in 0..<padded.count {
      var rest = index
      var source: Int? = 0
      for axis in (0..<shape.rank).reversed() {
        let place = place(rest % padded[axis] - low[axis], shape[axis])
        source = source.flatMap { sum in place.map { sum + $0 * strides[axis] } }
        rest /= padded[axis]
      }
      body(index, source)
    }
  }

  /// The place within an axis that is seen at `position`.
  private func place(_ position: Int, _ extent: Int) -> Int? {
    if (0..<extent).contains(position) { return position }
    let isBefore = position < 0
    return switch surroundings {
    case .constant: nil
    case .reflection: isBefore ? -position : 2 * extent - 2 - position
    case .symmetry: isBefore ? -position - 1 : 2 * extent - 1 - position
    case .edge: isBefore ? 0 : extent - 1
    case .repetition: isBefore ? position + extent : position - extent
    }
  }

  package func evaluate(_ x: [HostArray], into y: inout HostArray) {
    var constant = 0.0
    if case .constant(let value) = surroundings { constant = value }
    forEach(x[0].shape, padded: y.shape) { result, source in
      y.scalars[result] = source.map { x[0].scalars[$0] } ?? constant
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    guard g.elementType.isFloatingPoint else { return [nil] }
    let shape = operands[0].shape
    if case .constant = surroundings {
      let end = zip(low, shape.extents).map(+)
      return [
        try .recording(Slice(start: low, end: end, step: low.map { _ in 1 }), [g])
      ]
    }
    return [try .recording(PadGradient(self, of: shape), [g])]
  }
}

extension Tensor {
  /// This with something around it: one amount for each axis and side.
  public func padded(
    low: [Int], high: [Int], _ surroundings: Surroundings = .constant(0),
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(Pad(low: low, high: high, surroundings), self, file: file, line: line)
  }

  /// This image `[N, C, spatial…]` with something around its spatial axes.
  ///
  ///     image.padded(1)
  ///     image.padded(.sides(low: [0, 1], high: 2), .reflection)
  public func padded(
    _ padding: Padding, _ surroundings: Surroundings = .constant(0),
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try recordingPad(padding, surroundings)
    }
  }

  package func recordingPad(
    _ padding: Padding, _ surroundings: Surroundings
  ) throws(ShapeError) -> Tensor {
    guard (3...5).contains(rank) else {
      throw ShapeError(
        "pad", "takes an image [N, C, spatial…] of 1 to 3 spatial axes, got \(shape)")
    }
    let (low, high): (Extents, Extents)
    switch padding {
    case .symmetric, .sides:
      let one = try Extents(1).spread(over: rank - 2, "pad", "stride")
      (low, high) = try padding.sides(
        "pad", size: Array(shape.extents[2...]), kernel: one.list, stride: one, dilation: one)
    case .same, .full:
      throw ShapeError("pad", "\(padding) depends on a window, and there is none here")
    }
    return try .recording(
      Pad(low: [0, 0] + low.list, high: [0, 0] + high.list, surroundings), [self])
  }
}
