import Foundation

/// `y[i] = f(x[i])`.
package struct Unary: SingleResultOperator {
  package enum Function: UInt8, Hashable, Sendable, CaseIterable {
    case negate, absolute, sign, step
    case exp, expMinusOne, log, logOnePlus
    case squareRoot, reciprocalSquareRoot, reciprocal, square
    case relu, sigmoid, tanh, softplus, erf, sin, cos
    case floor, ceil, round, truncate
  }

  package let function: Function

  package init(_ function: Function) { self.function = function }

  package var name: String { "\(function)" }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    switch function {
    case .negate, .absolute, .sign, .step, .square, .relu:
      guard operands[0].elementType != .bool else {
        throw ShapeError(name, "takes numbers, got \(operands[0]); cast it first")
      }
    default: try expectFloatingPoint(operands)
    }
    return operands[0]
  }

  package func evaluate(_ x: [HostArray], into y: inout HostArray) {
    for index in y.scalars.indices { y.scalars[index] = value(x[0].scalars[index]) }
  }

  /// `f(x)` for one number.
  package func value(_ x: Double) -> Double {
    switch function {
    case .negate: -x
    case .absolute: abs(x)
    case .sign: x.isNaN ? x : (x > 0 ? 1 : x < 0 ? -1 : 0)
    case .step: x > 0 ? 1 : 0
    case .exp: Foundation.exp(x)
    case .expMinusOne: Foundation.expm1(x)
    case .log: Foundation.log(x)
    case .logOnePlus: Foundation.log1p(x)
    case .squareRoot: x.squareRoot()
    case .reciprocalSquareRoot: 1 / x.squareRoot()
    case .reciprocal: 1 / x
    case .square: x * x
    case .relu: x < 0 ? 0 : x
    case .sigmoid:
      x >= 0 ? 1 / (1 + Foundation.exp(-x)) : Foundation.exp(x) / (1 + Foundation.exp(x))
    case .tanh: Foundation.tanh(x)
    case .softplus: max(x, 0) + Foundation.log1p(Foundation.exp(-abs(x)))
    case .erf: Foundation.erf(x)
    case .sin: Foundation.sin(x)
    case .cos: Foundation.cos(x)
    case .floor: x.rounded(.down)
    case .ceil: x.rounded(.up)
    case .round: x.rounded(.toNearestOrEven)
    case .truncate: x.rounded(.towardZero)
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result y: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    let x = operands[0]
    return switch function {
    case .negate: [-g]
    case .absolute: [g * .record(Unary(.sign), x)]
    case .exp: [g * y]
    case .expMinusOne: [g * (y + 1)]
    case .log: [g / x]
    case .logOnePlus: [g / (x + 1)]
    case .squareRoot: [g / (y * 2)]
    case .reciprocalSquareRoot: [g * y / (x * -2)]
    case .reciprocal: [-(g * y.squared())]
    case .square: [g * x * 2]
    // From the result rather than the operand: the result is kept anyway, for the next layer.
    case .relu: [g * .record(Unary(.step), y)]
    case .sigmoid: [g * (y * (1 - y))]
    case .tanh: [g * (1 - y.squared())]
    case .softplus: [g * x.sigmoid()]
    case .erf: [g * ((-x.squared()).exp() * (2 / Double.pi.squareRoot()))]
    case .sin: [g * x.cos()]
    case .cos: [-(g * x.sin())]
    // Flat wherever they are smooth.
    case .sign, .step, .floor, .ceil, .round, .truncate: [nil]
    }
  }
}
