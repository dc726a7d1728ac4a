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
  /// Where an index lies within an axis of `extent` elements.
  func isInside(extent: Int) -> Tensor { (self .>= 0.0) .& (self .< Double(extent)) }
}
