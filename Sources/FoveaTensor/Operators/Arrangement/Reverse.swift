/// The last first, along some axes.
package struct Reverse: SingleResultOperator {
  /// They may be named from the end.
  package let axes: [Int]

  package init(axes: [Int]) { self.axes = axes }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    _ = try resolve(axes: axes, of: operands[0].shape)
    return operands[0]
  }

  package func evaluate(_ x: [HostArray], into y: inout HostArray) {
    var strides = y.shape.strides
    var offset = 0
    for axis in axes.map({ $0 < 0 ? $0 + y.shape.rank : $0 }) {
      offset += strides[axis] * (y.shape[axis] - 1)
      strides[axis] = -strides[axis]
    }
    let map = IndexMap(y.shape, strides: strides, offset: offset)
    for index in y.scalars.indices { y.scalars[index] = x[0].scalars[map.source(of: index)] }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    [try .recording(self, [g])]
  }
}

extension Tensor {
  /// The last first, along `axes`.
  public func reversed(
    axes: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(Reverse(axes: axes), self, file: file, line: line)
  }
}
