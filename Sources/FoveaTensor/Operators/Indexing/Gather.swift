/// `y[i, j, …] = x[i, index[i, j, …], …]`: along one axis, every element picked by an index of its
/// own.
///
/// An index outside the axis is refused when a plan runs; the meaning, which cannot refuse, gives
/// not-a-number, or 0 where that cannot be said.
package struct Gather: SingleResultOperator {
  package let axis: Int

  package init(axis: Int) { self.axis = axis }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2)
    try IndexedAxis.check(name, axis, indices: operands[1], of: operands[0].shape)
    return operands[0].with(shape: operands[1].shape)
  }

  package func evaluate(_ operands: [HostArray], into y: inout HostArray) {
    let (x, indices) = (operands[0], operands[1])
    let indexed = IndexedAxis(axis, indices: indices, of: x.shape)
    let outside: Double = y.type.elementType.isFloatingPoint ? .nan : 0
    for index in y.scalars.indices {
      y.scalars[index] = indexed.source(of: index).map { x.scalars[$0] } ?? outside
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    guard g.elementType.isFloatingPoint else { return [nil, nil] }
    let shape = operands[0].shape
    return [try .recording(ScatterAdd(axis: axis, into: shape), [g, operands[1]]), nil]
  }
}

/// `x[i, index[i, j, …], …] += y[i, j, …]`, from zeros: the gradient of ``Gather``.
///
/// An index outside the axis is refused when a plan runs; the meaning, which cannot refuse, leaves
/// out what it points to.
package struct ScatterAdd: SingleResultOperator {
  package let axis: Int
  package let shape: Shape

  package init(axis: Int, into shape: Shape) {
    self.axis = axis
    self.shape = shape
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2)
    guard operands[0].elementType != .bool else {
      throw ShapeError(name, "takes numbers, got \(operands[0]); cast it first")
    }
    try operands[0].with(shape: shape).validate(name)
    try IndexedAxis.check(name, axis, indices: operands[1], of: shape)
    guard operands[0].shape == operands[1].shape else {
      throw ShapeError(
        name, "every number needs an index: got \(operands[0]) and indices \(operands[1])")
    }
    return operands[0].with(shape: shape)
  }

  package func evaluate(_ operands: [HostArray], into x: inout HostArray) {
    let indexed = IndexedAxis(axis, indices: operands[1], of: shape)
    for (index, value) in operands[0].scalars.enumerated() {
      if let place = indexed.source(of: index) { x.scalars[place] += value }
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    guard g.elementType.isFloatingPoint else { return [nil, nil] }
    let axis = try resolve(axis: axis, of: g.shape)
    let inside = operands[1].isInside(extent: g.shape[axis])
    let picked = try Tensor.recording(Gather(axis: axis), [g, operands[1]])
    return [inside.selecting(picked, otherwise: 0.0), nil]
  }
}

/// How a tensor of indices along one axis points into a shape.
struct IndexedAxis {
  private let indices: HostArray
  private let map: IndexMap
  private let extent: Int
  private let stride: Int

  init(_ axis: Int, indices: HostArray, of shape: Shape) {
    let axis = axis < 0 ? axis + shape.rank : axis
    var strides = shape.strides
    (extent, stride) = (shape[axis], strides[axis])
    strides[axis] = 0
    map = IndexMap(indices.shape, strides: strides)
    self.indices = indices
  }

  /// Where the index at a position points to; `nil` outside.
  func source(of position: Int) -> Int? {
    let index = indices.scalars[position]
    guard index >= 0, index < Double(extent) else { return nil }
    return map.source(of: position) + Int(index) * stride
  }

  static func check(
    _ name: String, _ axis: Int, indices: TensorType, of shape: Shape
  ) throws(ShapeError) {
    guard indices.elementType == .int32 || indices.elementType == .int64 else {
      throw ShapeError(name, "indices must be int32 or int64, got \(indices); cast them first")
    }
    let axis = try shape.resolve(axis: axis, name)
    guard indices.rank == shape.rank else {
      throw ShapeError(
        name, "indices \(indices.shape) and \(shape) must have equally many axes")
    }
    for other in 0..<shape.rank where other != axis {
      guard indices.shape[other] <= shape[other] else {
        throw ShapeError(
          name, "indices \(indices.shape) reach beyond axis \(other) of \(shape)")
      }
    }
  }
}

extension Tensor {
  /// Along an axis, every element picked by an index of its own; all other axes as they are.
  ///
  ///     let order = scores.sorted(axis: 1).indices
  ///     boxes.gathered(at: order, axis: 1)
  public func gathered(
    at indices: Tensor, axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(Gather(axis: axis), self, indices, file: file, line: line)
  }

  /// This, with `updates` added where `indices` point to along an axis; once for each mention.
  public func adding(
    _ updates: Tensor, at indices: Tensor, axis: Int,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let sums = Tensor.record(
      ScatterAdd(axis: axis, into: shape), updates, indices, file: file, line: line)
    return .record(Binary(.add), self, sums, file: file, line: line)
  }

  /// Where an index lies within an axis of `extent` elements.
  func isInside(extent: Int) -> Tensor { (self .>= 0.0) .& (self .< Double(extent)) }
}
