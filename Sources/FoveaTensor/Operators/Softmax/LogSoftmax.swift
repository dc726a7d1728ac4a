import Foundation

/// `y[i] = x[i] − log Σ eˣ⁽ʲ⁾` along an axis.
package struct LogSoftmax: SingleResultOperator {
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
      let total = LogSoftmax.logSumExp(lanes.positions(lane).map { x[0].scalars[$0] })
      for position in lanes.positions(lane) { y.scalars[position] = x[0].scalars[position] - total }
    }
  }

  /// `log Σ eˣ`, without overflow.
  static func logSumExp(_ x: [Double]) -> Double {
    let largest = x.max()!
    return largest + Foundation.log(x.reduce(0) { $0 + Foundation.exp($1 - largest) })
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result y: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    [try .recording(LogSoftmaxGradient(axis: axis), [g, y])]
  }
}

extension Tensor {
  /// The logarithms of ``softmax(axis:file:line:)``, without its rounding and overflow.
  public func logSoftmax(
    axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(LogSoftmax(axis: axis), self, file: file, line: line)
  }
}
