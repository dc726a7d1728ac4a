import Foundation

/// `y[i] = eˣ⁽ⁱ⁾ / Σ eˣ⁽ʲ⁾` along an axis.
package struct Softmax: SingleResultOperator {
  package let axis: Int

  package init(axis: Int) { self.axis = axis }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    try expectFloatingPoint(operands)
    _ = try resolve(axis: axis, of: operands[0].shape)
    return operands[0]
  }

  package func evaluate(_ x: [HostArray], into y: inout HostArray) {
    let lanes = Lanes(y.shape, axis: axis < 0 ? axis + y.shape.rank : axis)
    for lane in 0..<lanes.count {
      let largest = lanes.positions(lane).map { x[0].scalars[$0] }.max()!
      var sum = 0.0
      for position in lanes.positions(lane) {
        y.scalars[position] = Foundation.exp(x[0].scalars[position] - largest)
        sum += y.scalars[position]
      }
      for position in lanes.positions(lane) { y.scalars[position] /= sum }
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result y: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    [try .recording(SoftmaxGradient(axis: axis), [g, y])]
  }
}

extension Tensor {
  /// Exponentials that sum to 1 along an axis.
  public func softmax(
    axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(Softmax(axis: axis), self, file: file, line: line)
  }
}
