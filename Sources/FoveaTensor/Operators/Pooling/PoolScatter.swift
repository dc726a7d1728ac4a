/// Puts each number at its index in an otherwise empty plane; an index outside the plane, such as
/// the −1 of a window without pixels, puts it nowhere.
///
/// The gradient of maximum pooling adds what meets at one place. Unpooling keeps the last.
///
/// Zeiler, Fergus. *Visualizing and understanding convolutional networks*, 2014.
package struct PoolScatter: SingleResultOperator {
  package let image: Shape
  package let collisions: PoolCollisions

  package init(image: Shape, collisions: PoolCollisions = .add) {
    self.image = image
    self.collisions = collisions
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2)
    try operands[0].with(shape: image).validate(name)
    try expectIndices(operands[1], for: operands[0].shape, in: image)
    guard operands[0].shape == operands[1].shape else {
      throw ShapeError(
        name, "numbers \(operands[0].shape) and indices \(operands[1].shape) must have one shape")
    }
    return operands[0].with(shape: image)
  }

  package func evaluate(_ operands: [HostArray], into x: inout HostArray) {
    forEachIndex(operands[1], in: image) { source, target in
      switch collisions {
      case .add: x.scalars[target] += operands[0].scalars[source]
      case .keepLast: x.scalars[target] = operands[0].scalars[source]
      }
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    [try .recording(PoolGather(collisions: collisions), [g, operands[1]]), nil]
  }
}

/// What happens where several windows name the same pixel.
package enum PoolCollisions: UInt8, Hashable, Sendable {
  /// All count.
  case add
  /// Only the last in row-major order counts.
  case keepLast
}

extension Operator {
  func expectIndices(
    _ indices: TensorType, for windows: Shape, in image: Shape
  ) throws(ShapeError) {
    guard indices.elementType == .int32 || indices.elementType == .int64 else {
      throw ShapeError(name, "takes int32 or int64 indices, got \(indices)")
    }
    _ = try image.spatialExtents(name)
    guard windows.rank == image.rank, windows.extents[..<2] == image.extents[..<2] else {
      throw ShapeError(
        name, "windows \(windows) and image \(image) must agree in batch, channels and rank")
    }
  }

  /// Visits (window, pixel) pairs in the order of the windows, leaving out indices outside the plane.
  func forEachIndex(
    _ indices: HostArray, in image: Shape, _ body: (_ window: Int, _ pixel: Int) -> Void
  ) {
    let planes = image[0] * image[1]
    let pixels = image.count / planes
    let windows = indices.scalars.count / planes
    for (window, index) in indices.scalars.enumerated() where 0..<Double(pixels) ~= index {
      body(window, window / windows * pixels + Int(index))
    }
  }
}
