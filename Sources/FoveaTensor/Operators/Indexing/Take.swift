/// `y[…, i…, …] = x[…, index[i…], …]`: whole parts along one axis, picked by number; with axis 0, the
/// rows of a table.
///
/// An index outside the axis is refused when a plan runs; the meaning, which cannot refuse, gives
/// not-a-number, or 0 where that cannot be said.
package struct Take: SingleResultOperator {
  package let axis: Int

  package init(axis: Int) { self.axis = axis }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2)
    return operands[0].with(
      shape: try taken(operands[0].shape, indices: operands[1], name))
  }

  /// The shape with an axis replaced by those of the indices.
  func taken(
    _ shape: Shape, indices: TensorType, _ operation: String
  ) throws(ShapeError) -> Shape {
    guard indices.elementType == .int32 || indices.elementType == .int64 else {
      throw ShapeError(
        operation, "indices must be int32 or int64, got \(indices); cast them first")
    }
    let axis = try shape.resolve(axis: axis, operation)
    return Shape(
      shape.extents[..<axis] + indices.shape.extents + shape.extents[(axis + 1)...])
  }

  /// Calls `body` with every element of the result and where it comes from; `nil` outside.
  func forEach(
    of shape: Shape, indices: HostArray, _ body: (_ result: Int, _ source: Int?) -> Void
  ) {
    let lanes = Lanes(shape, axis: axis < 0 ? axis + shape.rank : axis)
    let picks = indices.scalars.count
    for lane in 0..<lanes.count {
      for (pick, index) in indices.scalars.enumerated() {
        let place = (lane / lanes.stride * picks + pick) * lanes.stride + lane % lanes.stride
        let inside = index >= 0 && index < Double(lanes.length)
        body(place, inside ? lanes.start(lane) + Int(index) * lanes.stride : nil)
      }
    }
  }

  package func evaluate(_ operands: [HostArray], into y: inout HostArray) {
    let x = operands[0]
    let outside: Double = y.type.elementType.isFloatingPoint ? .nan : 0
    forEach(of: x.shape, indices: operands[1]) { result, source in
      y.scalars[result] = source.map { x.scalars[$0] } ?? outside
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    guard g.elementType.isFloatingPoint else { return [nil, nil] }
    let shape = operands[0].shape
    return [try .recording(TakeGradient(axis: axis, of: shape), [g, operands[1]]), nil]
  }
}

/// Parts added up where their numbers say, from zeros: the gradient of ``Take``.
///
/// An index outside the axis is refused when a plan runs; the meaning, which cannot refuse, leaves
/// out what it points to.
package struct TakeGradient: SingleResultOperator {
  package let take: Take
  package let shape: Shape

  package init(axis: Int, of shape: Shape) {
    take = Take(axis: axis)
    self.shape = shape
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2)
    guard operands[0].elementType != .bool else {
      throw ShapeError(name, "takes numbers, got \(operands[0]); cast it first")
    }
    try operands[0].with(shape: shape).validate(name)
    let taken = try take.taken(shape, indices: operands[1], name)
    guard operands[0].shape == taken else {
      throw ShapeError(
        name,
        "taking \(operands[1].shape) parts along axis \(take.axis) of \(shape) gives \(taken), "
          + "not \(operands[0].shape)")
    }
    return operands[0].with(shape: shape)
  }

  package func evaluate(_ operands: [HostArray], into x: inout HostArray) {
    take.forEach(of: shape, indices: operands[1]) { result, source in
      if let source { x.scalars[source] += operands[0].scalars[result] }
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    guard g.elementType.isFloatingPoint else { return [nil, nil] }
    let axis = try resolve(axis: take.axis, of: shape)
    let inside = operands[1].isInside(extent: shape[axis])
      .reshaped(to: Shape(operands[1].shape.extents + shape.extents[(axis + 1)...].map { _ in 1 }))
    let picked = try Tensor.recording(take, [g, operands[1]])
    return [inside.selecting(picked, otherwise: 0.0), nil]
  }
}

extension Tensor {
  /// The parts along an axis whose numbers are given; the axes of `indices` take its place.
  ///
  ///     table.taking(words)               // [words, …] rows of a table
  ///     images.taking(channels, axis: 1)
  public func taking(
    _ indices: Tensor, axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(Take(axis: axis), self, indices, file: file, line: line)
  }

  /// 1 where the number of a class is an element's own, else 0, along a new last axis.
  ///
  ///     Tensor([2, 0], shape: [2], as: .int32).oneHot(classes: 3)  // [[0, 0, 1], [1, 0, 0]]
  public func oneHot(
    classes: Int, as elementType: ElementType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try recordingOneHot(classes: classes, as: elementType)
    }
  }

  package func recordingOneHot(
    classes: Int, as elementType: ElementType
  ) throws(ShapeError) -> Tensor {
    guard !self.elementType.isFloatingPoint, self.elementType != .bool else {
      throw ShapeError("one hot", "takes whole numbers, got \(type); cast them first")
    }
    let numbers = try Tensor.recording(Iota([classes], self.elementType, axis: 0), [])
    let column = reshaped(to: Shape(shape.extents + [1]))
    let hits = try Tensor.recording(Comparison(.equal), [column, numbers])
    return try .recording(Cast(to: elementType), [hits])
  }
}
