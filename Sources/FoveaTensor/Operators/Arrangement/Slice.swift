/// Every `step`-th element from `start` up to, not including, `end`, along each axis.
package struct Slice: SingleResultOperator {
  package let start: [Int]
  package let end: [Int]
  package let step: [Int]

  package init(start: [Int], end: [Int], step: [Int]) {
    self.start = start
    self.end = end
    self.step = step
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    return operands[0].with(shape: try sliced(operands[0].shape, name))
  }

  /// The shape that is left of `shape`.
  func sliced(_ shape: Shape, _ operation: String) throws(ShapeError) -> Shape {
    guard start.count == shape.rank, end.count == shape.rank, step.count == shape.rank else {
      throw ShapeError(
        operation, "start \(start), end \(end) and step \(step) must name the axes of \(shape)")
    }
    var result = shape
    for axis in 0..<shape.rank {
      guard start[axis] >= 0, start[axis] < end[axis], end[axis] <= shape[axis] else {
        throw ShapeError(
          operation,
          "takes a part of axis \(axis) of \(shape) that begins and ends inside and has "
            + "an element, got \(start[axis])..<\(end[axis])")
      }
      guard (1...Shape.largestExtent).contains(step[axis]) else {
        throw ShapeError(
          operation,
          "step must lie between 1 and \(Shape.largestExtent), got \(step[axis]) on "
            + "axis \(axis)")
      }
      result[axis] = (end[axis] - start[axis] - 1) / step[axis] + 1
    }
    return result
  }

  /// Where the elements that are kept lie.
  func map(_ shape: Shape, to sliced: Shape) -> IndexMap {
    let strides = shape.strides
    return IndexMap(
      sliced, strides: zip(strides, step).map(*), offset: zip(strides, start).map(*).reduce(0, +))
  }

  package func evaluate(_ x: [HostArray], into y: inout HostArray) {
    let map = map(x[0].shape, to: y.shape)
    for index in y.scalars.indices { y.scalars[index] = x[0].scalars[map.source(of: index)] }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    [try .recording(SliceGradient(self, of: operands[0].shape), [g])]
  }
}
