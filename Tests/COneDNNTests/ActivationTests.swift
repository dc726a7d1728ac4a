import COneDNN
import Foundation
import Testing

struct ActivationTests {
  @Test(arguments: [false, true])
  func softmax(_ logarithm: Bool) throws {
    let source = Values.reals([5, 11], seed: 1)
    let difference = Values.reals([5, 11], seed: 2)
    let data = try Descriptor.plain([5, 11])
    let forward = try Primitive {
      odn_softmax_forward(logarithm ? 1 : 0, 1, data.raw, data.raw, 1, nil, &$0)
    }
    let results = try forward.run([ODN_ARG_SRC: source], outputs: [ODN_ARG_DST])
    let backward = try Primitive {
      odn_softmax_backward(logarithm ? 1 : 0, data.raw, data.raw, data.raw, 1, nil, &$0)
    }
    let gradients = try backward.run(
      [ODN_ARG_DIFF_DST: difference], outputs: [ODN_ARG_DIFF_SRC],
      keeping: [ODN_ARG_DST: try #require(results[ODN_ARG_DST])])
    var expected: [Double] = []
    var gradient: [Double] = []
    for row in 0..<5 {
      let x = Array(source.doubles[row * 11..<row * 11 + 11])
      let d = Array(difference.doubles[row * 11..<row * 11 + 11])
      let sum = x.reduce(0) { $0 + exp($1) }
      let p = x.map { exp($0) / sum }
      expected += logarithm ? p.map { log($0) } : p
      let weighted = logarithm ? d.reduce(0, +) : zip(d, p).reduce(0) { $0 + $1.0 * $1.1 }
      gradient += zip(d, p).map { logarithm ? $0 - $1 * weighted : $1 * ($0 - weighted) }
    }
    expectClose(try #require(try results[ODN_ARG_DST]?.values()).doubles, expected)
    expectClose(try #require(try gradients[ODN_ARG_DIFF_SRC]?.values()).doubles, gradient)
  }

  struct Function {
    let kind: odn_eltwise
    var alpha: Float = 0
    var beta: Float = 0
    let meaning: @Sendable (Double) -> Double
  }

  static let functions = [
    Function(kind: ODN_RELU, alpha: 0.1) { $0 > 0 ? $0 : Double(Float(0.1)) * $0 },
    Function(kind: ODN_TANH) { tanh($0) },
    Function(kind: ODN_ELU, alpha: 0.5) { $0 > 0 ? $0 : 0.5 * (exp($0) - 1) },
    Function(kind: ODN_SQUARE) { $0 * $0 },
    Function(kind: ODN_ABS) { abs($0) },
    Function(kind: ODN_LINEAR, alpha: 2, beta: 3) { 2 * $0 + 3 },
    Function(kind: ODN_SOFTPLUS, alpha: 7) { log(1 + exp($0)) },
    Function(kind: ODN_LOGISTIC) { 1 / (1 + exp(-$0)) },
    Function(kind: ODN_EXP) { exp($0) },
    Function(kind: ODN_GELU_ERF) { 0.5 * $0 * (1 + erf($0 / 2.0.squareRoot())) },
    Function(kind: ODN_GELU_TANH) {
      0.5 * $0 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0)))
    },
    Function(kind: ODN_SWISH, alpha: 1) { $0 / (1 + exp(-$0)) },
    Function(kind: ODN_CLIP, alpha: -0.5, beta: 0.25) { min(0.25, max(-0.5, $0)) },
    Function(kind: ODN_LOGSIGMOID) { -log(1 + exp(-$0)) },
    Function(kind: ODN_MISH) { $0 * tanh(log(1 + exp($0))) },
    Function(kind: ODN_HARDSWISH) { $0 * min(1, max(0, $0 / 6 + 0.5)) },
  ]

  /// The gradient is compared with a central difference in double precision.
  @Test(arguments: functions.indices)
  func eltwise(_ index: Int) throws {
    let function = Self.functions[index]
    // Multiples of 1/16 plus an odd bit: no kink within reach of the difference.
    let numbers = (-64..<64).map { Float($0) / 16 + 0.013 }
    let source = Values([2, 4, 16], numbers)
    let difference = Values.reals([2, 4, 16], seed: 2)
    let data = try Descriptor.plain(source.shape)
    let forward = try Primitive {
      odn_eltwise_forward(
        function.kind, 1, data.raw, function.alpha, function.beta, nil, &$0)
    }
    let results = try forward.run([ODN_ARG_SRC: source], outputs: [ODN_ARG_DST])
    let expected = source.doubles.map(function.meaning)
    expectClose(try #require(try results[ODN_ARG_DST]?.values()).doubles, expected)

    let backward = try Primitive {
      odn_eltwise_backward(
        function.kind, data.raw, data.raw, function.alpha, function.beta, nil, &$0)
    }
    let gradients = try backward.run(
      [ODN_ARG_SRC: source, ODN_ARG_DIFF_DST: difference], outputs: [ODN_ARG_DIFF_SRC])
    let gradient = zip(source.doubles, difference.doubles).map { x, d in
      d * (function.meaning(x + 1e-5) - function.meaning(x - 1e-5)) / 2e-5
    }
    expectClose(try #require(try gradients[ODN_ARG_DIFF_SRC]?.values()).doubles, gradient)
  }

  @Test func reluFromItsResult() throws {
    let result = Values.integers([2, 8], seed: 1)
    let difference = Values.integers([2, 8], seed: 2)
    let data = try Descriptor.plain([2, 8])
    let primitive = try Primitive {
      odn_eltwise_backward(ODN_RELU_FROM_RESULT, data.raw, data.raw, 0, 0, nil, &$0)
    }
    let gradients = try primitive.run(
      [ODN_ARG_DST: result, ODN_ARG_DIFF_DST: difference], outputs: [ODN_ARG_DIFF_SRC])
    let expected = zip(result.doubles, difference.doubles).map { $0 > 0 ? $1 : 0 }
    #expect(try gradients[ODN_ARG_DIFF_SRC]?.values().error(against: expected) == 0)
  }
}
