import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct ActivationTests {
  private static let table: [(String, @Sendable (Tensor) -> Tensor)] = [
    ("leaky relu", { $0.leakyReLU() }), ("leaky relu 0.2", { $0.leakyReLU(slope: 0.2) }),
    ("elu", { $0.elu() }), ("elu 0.5", { $0.elu(alpha: 0.5) }), ("selu", { $0.selu() }),
    ("celu", { $0.celu() }), ("celu 2", { $0.celu(alpha: 2) }), ("gelu", { $0.gelu() }),
    ("gelu, approximately", { $0.gelu(approximately: true) }), ("silu", { $0.silu() }),
    ("hard swish", { $0.hardSwish() }), ("hard sigmoid", { $0.hardSigmoid() * $0 }),
    ("hard tanh", { $0.hardTanh() * $0 }), ("relu6", { $0.relu6() * $0 }),
    ("softsign", { $0.softsign() }), ("mish", { $0.mish() }), ("log sigmoid", { $0.logSigmoid() }),
    ("softplus 2, 3", { $0.softplus(beta: 2, threshold: 3) }),
    ("softshrink", { $0.softshrink() * $0 }), ("hardshrink", { $0.hardshrink() * $0 }),
    ("tanhshrink", { $0.tanhshrink() }), ("threshold", { $0.thresholded(0.5, otherwise: -1) }),
    ("glu", { $0.glu(axis: 0) }), ("glu, last axis", { $0.glu(axis: -1) }),
  ]

  static let cases: [OperatorCase] = {
    var cases: [OperatorCase] = []
    for (name, record) in table {
      for shape: Shape in [[4], [2, 4], [2, 3, 2]] {
        cases.append(
          OperatorCase("\(name) \(shape)", shape, in: -7...7, avoidingMultiplesOf: 0.5) {
            record($0[0])
          })
      }
    }
    let slopes: [(Shape, Shape)] = [
      ([2, 3], [3]), ([2, 3, 2], [3]), ([2, 3, 2], [1]), ([4], [1]), ([], []), ([1, 2, 2, 2], [2]),
    ]
    for (shape, slope) in slopes {
      cases.append(
        OperatorCase("prelu \(shape) \(slope)", shape, slope, avoidingMultiplesOf: 2) {
          $0[0].prelu(slope: $0[1])
        })
    }
    return cases
  }()

  @Test(arguments: [ElementType.float32, .bfloat16, .float16])
  func gradientsKeepTheElementType(_ elementType: ElementType) throws {
    let table = Self.cases
    #expect(try GradientCheck.recorded(table, as: elementType) == table.count)
  }

  @Test func firstAndSecondOrder() throws {
    #expect(try GradientCheck.failures(of: Self.cases) == [])
    #expect(Self.cases.count == 78)
  }

  @Test func farFromZeroTheyAreStillNumbers() {
    let x = Tensor([-1e4, -800, 800, 1e4], shape: [4], as: .float64)
    for (name, record) in Self.table {
      let y = record(x)
      let values = Interpreter.evaluate([y, gradient(of: y.sum(), withRespectTo: x)])
      #expect(values.allSatisfy { $0.scalars.allSatisfy(\.isFinite) }, "\(name)")
    }
  }

  @Test func goldens() throws {
    func plain(_ record: @escaping @Sendable (Tensor) -> Tensor) -> GoldenRecording {
      { _, x in ["y": record(x["x"])] }
    }
    let report = try GoldenFamily("activations").run([
      "relu": plain { $0.relu() }, "relu6": plain { $0.relu6() }, "selu": plain { $0.selu() },
      "silu": plain { $0.silu() }, "hardswish": plain { $0.hardSwish() },
      "hardsigmoid": plain { $0.hardSigmoid() }, "softsign": plain { $0.softsign() },
      "mish": plain { $0.mish() }, "tanh": plain { $0.tanh() }, "sigmoid": plain { $0.sigmoid() },
      "logsigmoid": plain { $0.logSigmoid() }, "tanhshrink": plain { $0.tanhshrink() },
      "leaky_relu": { test, x in ["y": x["x"].leakyReLU(slope: try test.number("negativeSlope"))] },
      "elu": { test, x in ["y": x["x"].elu(alpha: try test.number("alpha"))] },
      "celu": { test, x in ["y": x["x"].celu(alpha: try test.number("alpha"))] },
      "gelu": { test, x in
        ["y": x["x"].gelu(approximately: try test.text("approximate") == "tanh")]
      },
      "hardtanh": { test, x in
        ["y": x["x"].hardTanh(try test.number("minimum")...test.number("maximum"))]
      },
      "softplus": { test, x in
        let threshold = try test.number("threshold")
        return ["y": x["x"].softplus(beta: try test.number("beta"), threshold: threshold)]
      },
      "hardshrink": { test, x in ["y": x["x"].hardshrink(lambda: try test.number("lambda"))] },
      "softshrink": { test, x in ["y": x["x"].softshrink(lambda: try test.number("lambda"))] },
      "threshold": { test, x in
        let value = try test.number("value")
        return ["y": x["x"].thresholded(try test.number("threshold"), otherwise: value)]
      },
      "prelu": { _, x in ["y": x["x"].prelu(slope: x["weight"])] },
      "glu": { test, x in ["y": x["x"].glu(axis: try test.integer("axis"))] },
    ])
    #expect(report.failures == [])
    #expect(report.count == 60)
  }

  static let refusals: [RefusalCase] = {
    let x = Tensor(repeating: 1, shape: [2, 3])
    let n = Tensor(repeating: 1, shape: [2, 3], as: .int32)
    return [
      RefusalCase("prelu", "takes floating-point numbers, got int32[2, 3]; cast it first") {
        _ = try n.recordingPReLU(slope: x)
      },
      RefusalCase(
        "prelu", "element types differ: float32[2, 3] and int32[2, 3]; cast one of them"
      ) { _ = try x.recordingPReLU(slope: n) },
      RefusalCase(
        "prelu", "takes one slope, or one for each of the 3 channels of [2, 3], got shape [2]"
      ) { _ = try x.recordingPReLU(slope: Tensor(repeating: 1, shape: [2])) },
      RefusalCase(
        "prelu", "takes one slope, or one for each of the 3 channels of [2, 3], got shape [2, 3]"
      ) { _ = try x.recordingPReLU(slope: x) },
      RefusalCase("glu", "takes floating-point numbers, got int32[2, 3]; cast it first") {
        _ = try n.recordingGLU(axis: 0)
      },
      RefusalCase("glu", "axis 1 of [2, 3] has no two halves") { _ = try x.recordingGLU(axis: 1) },
      RefusalCase("glu", "axis 2 does not exist in [2, 3], whose axes are 0 to 1") {
        _ = try x.recordingGLU(axis: 2)
      },
      RefusalCase("glu", "axis 0 does not exist in [], which has none") {
        _ = try Tensor(1).recordingGLU(axis: 0)
      },
    ]
  }()

  @Test func refuses() {
    #expect(Self.refusals.compactMap { $0.failure() } == [])
    #expect(Self.refusals.count == 8)
    let glu = HostileIntegers.tries(usual: [0]) {
      _ = try Tensor(repeating: 1, shape: [2, 2]).recordingGLU(axis: $0[0])
    }
    // Axes 0 and −1 exist.
    #expect(glu == (6, 4, []))
  }
}
