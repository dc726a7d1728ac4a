import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct ElementwiseTests {
  /// Every function, and where it is smooth.
  private static let unary: [(Unary.Function, ClosedRange<Double>, kinks: Double?)] = [
    (.negate, -2...2, nil), (.absolute, -2...2, 2), (.exp, -2...2, nil),
    (.expMinusOne, -2...2, nil), (.log, 0.3...3, nil), (.logOnePlus, -0.5...3, nil),
    (.squareRoot, 0.3...3, nil), (.reciprocalSquareRoot, 0.3...3, nil),
    (.reciprocal, 0.4...3, nil), (.square, -2...2, nil), (.relu, -2...2, 2),
    (.sigmoid, -4...4, nil), (.tanh, -2...2, nil), (.softplus, -4...4, nil), (.erf, -2...2, nil),
    (.sin, -3...3, nil), (.cos, -3...3, nil),
  ]

  private static let shapes: [(Shape, Shape)] = [
    ([3], [3]), ([2, 3], [3]), ([2, 3], [2, 1]), ([2, 3], []), ([2, 1, 3], [4, 1]), ([], [2, 2]),
    ([2, 3, 2, 2], [3, 1, 1]), ([1], [1, 1, 1]),
  ]

  static let smooth: [OperatorCase] = {
    var cases: [OperatorCase] = []
    for (function, domain, kinks) in unary {
      for shape: Shape in [[], [5], [2, 3], [2, 1, 2]] {
        cases.append(
          OperatorCase(
            "\(function) \(shape)", shape, in: domain, avoidingMultiplesOf: kinks
          ) { try .recording(Unary(function), [$0[0]]) })
      }
    }
    for (name, record) in compositions {
      for shape: Shape in [[5], [2, 3]] {
        cases.append(OperatorCase("\(name) \(shape)", shape, in: 0.2...1.3) { record($0[0]) })
      }
    }
    for (left, right) in shapes {
      for function in [Binary.Function.add, .subtract, .multiply, .divide, .power] {
        let domain = function == .power || function == .divide ? 0.4...2 : -2...2
        cases.append(
          OperatorCase("\(function) \(left) \(right)", left, right, in: domain) {
            try .recording(Binary(function), $0)
          })
      }
    }
    return cases
  }()

  private static let compositions: [(String, @Sendable (Tensor) -> Tensor)] = [
    ("log2", { $0.log2() }), ("log10", { $0.log10() }), ("exp2", { $0.exp2() }),
    ("tan", { $0.tan() }), ("x³", { $0.power(3) }), ("2 − x", { 2 - $0 }), ("2 / x", { 2 / $0 }),
    ("x / 2", { $0 / 2 }), ("as float64", { $0.cast(to: .float64) }),
  ]

  /// What has a kink, or chooses.
  static let pieces: [OperatorCase] = {
    var cases: [OperatorCase] = []
    for (left, right) in shapes {
      cases += [
        OperatorCase("minimum \(left) \(right)", left, right) { $0[0].minimum($0[1]) },
        OperatorCase("maximum \(left) \(right)", left, right) { $0[0].maximum($0[1]) },
        OperatorCase("remainder \(left) \(right)", left, right, in: 0.6...1.1) {
          ($0[0] * 2.6).remainder(dividingBy: $0[1])
        },
        OperatorCase("select \(left) \(right)", left, right) {
          ($0[0] .> 0.0).selecting($0[0], otherwise: $0[1])
        },
        OperatorCase("select under a mask, \(left) \(right)", left, right) {
          let mask = Tensor([1, 0], shape: [2, 1, 1, 1, 1], as: .bool)
          return mask.selecting($0[0], otherwise: $0[1])
        },
      ]
    }
    for range in [-1.0...1.0, -0.5...0.5, 0.0...1.0, -3.0...3.0] {
      cases.append(
        OperatorCase("clamp \(range)", [2, 4], avoidingMultiplesOf: 0.5) {
          $0[0].clamped(to: range) * $0[0]
        })
    }
    return cases
  }()

  @Test(arguments: [ElementType.float32, .bfloat16, .float16])
  func gradientsKeepTheElementType(_ elementType: ElementType) throws {
    let table = Self.pieces + Self.smooth.filter { !$0.description.contains("float64") }
    #expect(try GradientCheck.recorded(table, as: elementType) == table.count)
  }

  @Test func firstAndSecondOrder() throws {
    #expect(try GradientCheck.failures(of: Self.smooth) == [])
    #expect(try GradientCheck.failures(of: Self.pieces) == [])
    #expect(Self.smooth.count == 126)
    #expect(Self.pieces.count == 44)
  }

  @Test func atPoles() {
    let x = Tensor([0, 0, 0, 2, -2], shape: [5], as: .float64)
    let y = Tensor([0, 1, 2, 0, 2], shape: [5], as: .float64)
    let z = gradients(of: x.power(y).sum(), withRespectTo: [x, y])
    let values = Interpreter.evaluate(z)
    #expect(values[0].scalars == [0, 1, 0, 0, -4])
    #expect(Array(values[1].scalars[..<3]) == [0, 0, 0])
    let infinite = Tensor([.infinity, -.infinity, 1], shape: [3], as: .float64)
    let ties = gradients(
      of: infinite.maximum(infinite.named("copy")).sum(), withRespectTo: [infinite])
    #expect(Interpreter.evaluate(ties)[0].scalars == [1, 1, 1])
  }

  @Test func clampAtItsBounds() {
    let x = Tensor([-2, -1, 0, 1, 2, .nan], shape: [6], as: .float64)
    let y = x.clamped(to: -1...1)
    let open = x.hardTanh()
    let g = [gradient(of: y.sum(), withRespectTo: x), gradient(of: open.sum(), withRespectTo: x)]
    let values = Interpreter.evaluate([y] + g)
    #expect(Array(values[0].scalars[..<5]) == [-1, -1, 0, 1, 1])
    #expect(values[0].scalars[5].isNaN)
    #expect(values[1].scalars == [0, 1, 1, 1, 0, 0])
    #expect(values[2].scalars == [0, 0, 1, 0, 0, 0])
    let half = Interpreter.evaluate([x.clamped(to: 0...), x.clamped(to: ...0)])
    #expect(Array(half[0].scalars[..<5]) == [0, 0, 0, 1, 2])
    #expect(Array(half[1].scalars[..<5]) == [-2, -1, 0, 0, 0])
  }

  @Test func truths() {
    let a = Tensor([0, 0, 1, 1], shape: [4], as: .bool)
    let b = Tensor([0, 1, 0, 1], shape: [4], as: .bool)
    let x = Tensor([1, .nan, .infinity, -.infinity], shape: [4], as: .float64)
    let whole = Tensor([1, 2], shape: [2], as: .int32)
    let values = Interpreter.evaluate([
      a .& b, a .| b, a .^ b, .!a, x.isNaN(), x.isFinite(), whole.isFinite(), x .== x, x .!= x,
      x .< 2.0, x .<= 1.0, x .> 0.0, x .>= 1.0,
    ])
    #expect(
      values.map(\.scalars) == [
        [0, 0, 0, 1], [0, 1, 1, 1], [0, 1, 1, 0], [1, 1, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0], [1, 1],
        [1, 0, 1, 1], [0, 1, 0, 0], [1, 0, 0, 1], [1, 0, 0, 1], [1, 0, 1, 0], [1, 0, 1, 0],
      ])
    #expect(values.allSatisfy { $0.type.elementType == .bool })
  }

  @Test func goldens() throws {
    func unary(_ function: Unary.Function) -> GoldenRecording {
      { _, x in ["y": try .recording(Unary(function), [x["x"]])] }
    }
    func binary(_ function: Binary.Function) -> GoldenRecording {
      { _, x in ["y": try .recording(Binary(function), [x["x"], x["other"]])] }
    }
    let report = try GoldenFamily("elementwise").run([
      "exp": unary(.exp), "log": unary(.log), "sqrt": unary(.squareRoot),
      "rsqrt": unary(.reciprocalSquareRoot), "reciprocal": unary(.reciprocal),
      "square": unary(.square), "abs": unary(.absolute), "neg": unary(.negate), "sin": unary(.sin),
      "cos": unary(.cos), "erf": unary(.erf), "log1p": unary(.logOnePlus),
      "expm1": unary(.expMinusOne),
      "add": binary(.add), "sub": binary(.subtract), "mul": binary(.multiply),
      "div": binary(.divide), "maximum": binary(.maximum), "minimum": binary(.minimum),
      "pow": binary(.power),
      "clamp": { test, x in
        let lowest = test.has("minimum") ? try test.number("minimum") : -.infinity
        let highest = test.has("maximum") ? try test.number("maximum") : .infinity
        return ["y": x["x"].clamped(to: lowest...highest)]
      },
      "pow_scalar": { test, x in ["y": x["x"].power(try test.number("exponent"))] },
    ])
    #expect(report.failures == [])
    #expect(report.count == 62)
  }

  static let refusals: [RefusalCase] = {
    let x = Tensor(repeating: 1, shape: [2, 3])
    let y = Tensor(repeating: 1, shape: [2])
    let n = Tensor(repeating: 1, shape: [2, 3], as: .int32)
    let t = Tensor(repeating: 1, shape: [2, 3], as: .bool)
    func refused(
      _ operation: some Operator, _ operands: [Tensor], _ reason: String
    ) -> RefusalCase {
      RefusalCase(operation.name, reason) { _ = try Tensor.recordingAll(operation, operands) }
    }
    let apart =
      "shapes [2, 3] and [2] do not broadcast: aligned from the right, every pair of "
      + "extents must be equal or contain a 1"
    return [
      refused(Unary(.exp), [], "takes 1 operand(s), got 0"),
      refused(Unary(.exp), [x, x], "takes 1 operand(s), got 2"),
      refused(Unary(.exp), [n], "takes floating-point numbers, got int32[2, 3]; cast it first"),
      refused(Unary(.relu), [t], "takes numbers, got bool[2, 3]; cast it first"),
      refused(Binary(.add), [x], "takes 2 operand(s), got 1"),
      refused(Binary(.add), [x, y], apart),
      refused(
        Binary(.add), [x, n],
        "element types differ: float32[2, 3] and int32[2, 3]; cast one of them"
      ),
      refused(Binary(.multiply), [t, t], "takes numbers, got bool[2, 3]; cast it first"),
      refused(Comparison(.less), [x, y], apart),
      refused(Comparison(.less), [x], "takes 2 operand(s), got 1"),
      refused(
        Comparison(.equal), [x, n],
        "element types differ: float32[2, 3] and int32[2, 3]; cast one of them"),
      refused(Comparison(.equal), [x, x, x], "takes 2 operand(s), got 3"),
      refused(Select(), [x, x], "takes 3 operand(s), got 2"),
      refused(
        Select(), [x, x, x],
        "the condition must be bool, got float32[2, 3]; compare it with something first"),
      refused(
        Select(), [t, x, n],
        "element types differ: float32[2, 3] and int32[2, 3]; cast one of them"),
      refused(Select(), [t, y, x], apart),
      refused(Logical(.and), [t], "takes 2 operand(s), got 1"),
      refused(
        Logical(.and), [t, x],
        "both operands must be bool, got float32[2, 3]; compare it with something first"),
      refused(Logical(.or), [t, Tensor(repeating: 1, shape: [2], as: .bool)], apart),
      refused(Logical(.xor), [], "takes 2 operand(s), got 0"),
      refused(Clamp(0, 1), [t], "takes numbers, got bool[2, 3]; cast it first"),
      refused(Clamp(1, 0), [x], "bounds must be ordered numbers, got 1.0 to 0.0"),
      refused(Clamp(.nan, 0), [x], "bounds must be ordered numbers, got nan to 0.0"),
      refused(Clamp(0, 1), [], "takes 1 operand(s), got 0"),
      refused(Cast(to: .int8), [], "takes 1 operand(s), got 0"),
      refused(Cast(to: .int8), [x, x], "takes 1 operand(s), got 2"),
    ]
  }()

  @Test func refuses() {
    #expect(Self.refusals.compactMap { $0.failure() } == [])
    #expect(Self.refusals.count == 26)
  }
}
