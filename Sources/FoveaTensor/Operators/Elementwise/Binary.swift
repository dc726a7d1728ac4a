import Foundation

/// `z = f(x, y)` with broadcasting: extents are aligned from the right, and an extent of 1 is
/// repeated.
package struct Binary: SingleResultOperator {
  package enum Function: UInt8, Hashable, Sendable, CaseIterable {
    case add, subtract, multiply, divide, minimum, maximum, power, remainder
  }

  package let function: Function

  package init(_ function: Function) { self.function = function }

  package var name: String { "\(function)" }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2)
    try expectOneElementType(operands)
    guard operands[0].elementType != .bool else {
      throw ShapeError(name, "takes numbers, got \(operands[0]); cast it first")
    }
    return TensorType(try broadcastShape(operands), operands[0].elementType)
  }

  package func evaluate(_ x: [HostArray], into z: inout HostArray) {
    let left = Broadcast(x[0].shape, to: z.shape)
    let right = Broadcast(x[1].shape, to: z.shape)
    for index in z.scalars.indices {
      z.scalars[index] = value(
        x[0].scalars[left.source(of: index)], x[1].scalars[right.source(of: index)])
    }
  }

  /// `f(x, y)` for two numbers.
  package func value(_ x: Double, _ y: Double) -> Double {
    switch function {
    case .add: x + y
    case .subtract: x - y
    case .multiply: x * y
    case .divide: x / y
    case .minimum: x.isNaN || y.isNaN ? .nan : Swift.min(x, y)
    case .maximum: x.isNaN || y.isNaN ? .nan : Swift.max(x, y)
    case .power: Foundation.pow(x, y)
    // The sign of the divisor, as in Python.
    case .remainder: x - y * (x / y).rounded(.down)
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result z: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    let (x, y) = (operands[0], operands[1])
    let (dx, dy): (Tensor, Tensor) =
      switch function {
      case .add: (g, g)
      case .subtract: (g, -g)
      case .multiply: (g * y, g * x)
      case .divide: (g / y, -(g * z / y))
      case .minimum: (g * share(y, over: x), g * share(x, over: y))
      case .maximum: (g * share(x, over: y), g * share(y, over: x))
      case .power: (baseGradient(g, x, y), exponentGradient(g, x, y, z))
      case .remainder: (g, -(g * (x / y).floor()))
      }
    return [dx.summed(to: x.shape), dy.summed(to: y.shape)]
  }

  /// 1 where `a` exceeds `b`, ½ where they are equal, else 0: both share the gradient of a tie.
  private func share(_ a: Tensor, over b: Tensor) -> Tensor {
    // Not the sign of the difference: two infinities have none.
    (a .> b).cast(to: a.elementType) + a.equal(b).cast(to: a.elementType) * 0.5
  }

  /// `g · y · xʸ⁻¹`; nothing where both are 0, for `x⁰` is 1 everywhere.
  private func baseGradient(_ g: Tensor, _ x: Tensor, _ y: Tensor) -> Tensor {
    let pole = (x .== 0.0) .& (y .== 0.0)
    return g * y * x.replacing(where: pole, with: 1.0).power(y - 1)
  }

  /// `g · xʸ · log x`; nothing where `x` is 0 and `y` is not negative, for there `xʸ` is flat.
  private func exponentGradient(_ g: Tensor, _ x: Tensor, _ y: Tensor, _ z: Tensor) -> Tensor {
    let flat = (x .== 0.0) .& (y .>= 0.0)
    return g * z * x.replacing(where: flat, with: 1.0).log()
  }
}

extension Operator {
  /// The shape the operands broadcast to, or the refusal that says why they do not.
  package func broadcastShape(_ operands: [TensorType]) throws(ShapeError) -> Shape {
    var shape = operands[0].shape
    for operand in operands.dropFirst() {
      guard let wider = shape.broadcast(with: operand.shape) else {
        throw ShapeError(
          name,
          "shapes \(shape) and \(operand.shape) do not broadcast: aligned from the right, "
            + "every pair of extents must be equal or contain a 1")
      }
      shape = wider
    }
    return shape
  }
}
