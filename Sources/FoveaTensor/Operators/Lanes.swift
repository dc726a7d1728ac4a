/// The lines of elements along one axis of a shape.
package struct Lanes {
  /// How many elements a line has.
  package let length: Int
  /// How far apart neighbours on a line are.
  package let stride: Int
  /// How many lines there are.
  package let count: Int

  package init(_ shape: Shape, axis: Int) {
    length = shape[axis]
    stride = shape.extents[(axis + 1)...].reduce(1, *)
    count = shape.count / length
  }

  /// Where the first element of a line lies.
  package func start(_ lane: Int) -> Int { lane / stride * stride * length + lane % stride }

  /// Where each element of a line lies.
  package func positions(_ lane: Int) -> some Sequence<Int> {
    let start = start(lane)
    return Swift.stride(from: start, to: start + length * stride, by: stride)
  }
}
