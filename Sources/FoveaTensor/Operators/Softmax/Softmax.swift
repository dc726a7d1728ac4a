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

/// `x̄ = y · (g − Σ g · y)` along an axis, where `y` is the softmax of `x`.
package struct SoftmaxGradient: SingleResultOperator, Decomposable {
  package let axis: Int

  package init(axis: Int) { self.axis = axis }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expectGradientAndResult(operands, axis: axis)
  }

  package func evaluate(_ operands: [HostArray], into result: inout HostArray) {
    let (g, y) = (operands[0].scalars, operands[1].scalars)
    let lanes = Lanes(result.shape, axis: axis < 0 ? axis + result.shape.rank : axis)
    for lane in 0..<lanes.count {
      let sum = lanes.positions(lane).reduce(0) { $0 + g[$1] * y[$1] }
      for position in lanes.positions(lane) {
        result.scalars[position] = y[position] * (g[position] - sum)
      }
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    try decomposedGradients([g], operands: operands)
  }

  package func decomposed(_ operands: [Tensor]) throws(ShapeError) -> [Tensor] {
    let (g, y) = (operands[0], operands[1])
    return [y * (g - (g * y).sum(axes: [axis], keepsAxes: true))]
  }
}

extension Operator {
  /// A gradient and the result it belongs to, of one floating-point type, which has `axis`.
  package func expectGradientAndResult(
    _ operands: [TensorType], axis: Int
  ) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2)
    try expectFloatingPoint(operands)
    guard operands[0] == operands[1] else {
      throw ShapeError(
        name,
        "the gradient and the result must have one type, got \(operands[0]) and "
          + "\(operands[1])")
    }
    _ = try resolve(axis: axis, of: operands[0].shape)
    return operands[0]
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
