import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct SoftmaxTests {
  static let cases: [OperatorCase] = {
    var cases: [OperatorCase] = []
    let shapes: [Shape] = [[4], [1], [2, 3], [3, 1], [2, 3, 2], [1, 2, 2, 2]]
    for shape in shapes {
      for axis in -shape.rank..<shape.rank {
        cases += [
          OperatorCase("softmax \(shape) \(axis)", shape) { $0[0].softmax(axis: axis) },
          OperatorCase("log softmax \(shape) \(axis)", shape) { $0[0].logSoftmax(axis: axis) },
          OperatorCase("softmax gradient \(shape) \(axis)", shape, shape) {
            try .recording(SoftmaxGradient(axis: axis), $0)
          },
          OperatorCase("log softmax gradient \(shape) \(axis)", shape, shape) {
            try .recording(LogSoftmaxGradient(axis: axis), $0)
          },
        ]
      }
    }
    return cases
  }()

  static let entropies: [OperatorCase] = {
    var cases: [OperatorCase] = []
    for shape: Shape in [[3, 4], [1, 2], [2, 1], [2, 3, 2], [1, 3, 2, 2], [2, 2, 1, 2, 1]] {
      let places = shape.reduced([1], keepsAxes: false)
      for elementType in [ElementType.int32, .int64] {
        let labels = Tensor(
          (0..<places.count).map { Double(($0 * 5 + 1) % shape[1]) }, shape: places,
          as: elementType)
        for smoothing in [0, 0.2, 1] {
          for ignored in [nil, 0, -100] as [Int?] {
            let words = "\(shape) \(elementType) \(smoothing) \(ignored.map(String.init) ?? "none")"
            let target = LabelTarget(smoothing: smoothing, ignored: ignored)
            cases += [
              OperatorCase("cross-entropy \(words)", shape) {
                $0[0].softmaxCrossEntropy(labels: labels, smoothing: smoothing, ignoring: ignored)
              },
              OperatorCase("cross-entropy gradient \(words)", places, shape) {
                try .recording(SoftmaxCrossEntropyGradient(target), $0 + [labels])
              },
            ]
          }
        }
      }
      cases.append(
        OperatorCase("cross-entropy of distributions \(shape)", shape, shape) {
          $0[0].softmaxCrossEntropy(distributions: $0[1])
        })
    }
    return cases
  }()

  @Test(arguments: [ElementType.float32, .bfloat16, .float16])
  func gradientsKeepTheElementType(_ elementType: ElementType) throws {
    let table = Self.cases + Self.entropies
    #expect(try GradientCheck.recorded(table, as: elementType) == table.count)
  }

  @Test func firstAndSecondOrder() throws {
    #expect(try GradientCheck.failures(of: Self.cases) == [])
    #expect(try GradientCheck.failures(of: Self.entropies) == [])
    #expect(Self.cases.count == 104)
    #expect(Self.entropies.count == 222)
  }

  /// A fused operator says what its decomposition says.
  @Test func decompositions() throws {
    let x = Tensor([1, -2, 0.5, 3, 0, 1], shape: [2, 3], as: .float64)
    let g = Tensor([0.5, 1, -1, 2, 1, 3], shape: [2, 3], as: .float64)
    let labels = Tensor([2, 7], shape: [2], as: .int32)
    let fused: [(any Decomposable, [Tensor])] = [
      (SoftmaxGradient(axis: 1), [g, x.softmax(axis: 1)]),
      (LogSoftmaxGradient(axis: 0), [g, x.logSoftmax(axis: 0)]),
      (
        SoftmaxCrossEntropyGradient(LabelTarget(smoothing: 0.1, ignored: 7)),
        [g.sum(axes: [1]), x, labels]
      ),
      (ProductGradient(axes: [1]), [g.sum(axes: [1], keepsAxes: true), x]),
      (ProductGradient(axes: [0, 1]), [g.sum(keepsAxes: true), x]),
      (CumulativeProductGradient(axis: 1), [g, x]),
      (CumulativeProductGradient(axis: 0), [g, x]),
    ]
    for (operation, operands) in fused {
      let plain = Interpreter.evaluate(try operation.decomposed(operands))
      let whole = Interpreter.evaluate(try Tensor.recordingAll(operation, operands))
      for (a, b) in zip(plain[0].scalars, whole[0].scalars) {
        #expect(abs(a - b) <= 1e-14, "\(operation.name)")
      }
    }
  }

  @Test func labelsThatAreNoClasses() {
    let x = Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2], as: .float64)
    let labels = Tensor([2, -1, 0], shape: [3], as: .int32)
    let loss = x.softmaxCrossEntropy(labels: labels, ignoring: -1)
    let values = Interpreter.evaluate([loss, gradient(of: loss.sum(), withRespectTo: x)])
    #expect(values[0].scalars[0].isNaN)
    #expect(values[0].scalars[1] == 0)
    #expect(values[0].scalars[2] > 1)
    #expect(values[1].scalars.map(\.isNaN) == [true, true, false, false, false, false])
    #expect(Array(values[1].scalars[2..<4]) == [0, 0])
  }

  @Test func farFromZero() {
    let x = Tensor([1e4, 0, -1e4, -.infinity, 0, 0], shape: [2, 3], as: .float64)
    let labels = Tensor([0, 1], shape: [2], as: .int32)
    let values = Interpreter.evaluate([
      x.softmax(axis: 1), x.logSoftmax(axis: 1), x.softmaxCrossEntropy(labels: labels),
    ]).map(\.scalars)
    #expect(values[0] == [1, 0, 0, 0, 0.5, 0.5])
    #expect(Array(values[1][..<4]) == [0, -1e4, -2e4, -.infinity])
    #expect(values[2][0] == 0)
    #expect(values[2][1].isFinite)
  }

  @Test func goldens() throws {
    let report = try GoldenFamily("softmax").run([
      "softmax": { test, x in ["y": x["x"].softmax(axis: try test.integer("axis"))] },
      "log_softmax": { test, x in ["y": x["x"].logSoftmax(axis: try test.integer("axis"))] },
    ])
    #expect(report.failures == [])
    #expect(report.count == 28)
  }

  /// The classes' weights and the mean over them belong to the loss functions, not here.
  @Test func goldensOfCrossEntropies() throws {
    let report = try GoldenFamily("classification_losses").run(
      [
        "cross_entropy": { test, x in
          let smoothing = try test.number("labelSmoothing")
          let ignored = test.has("ignoreIndex") ? try test.integer("ignoreIndex") : nil
          let (logits, target) = (x["x"], x["target"])
          let loss: Tensor
          var divisor = Tensor(repeating: 1, shape: [], as: .float64)
          if target.elementType == .float64 {
            let share = smoothing / Double(logits.shape[1])
            loss = logits.softmaxCrossEntropy(distributions: target * (1 - smoothing) + share)
            divisor = divisor * Double(target.shape.count / target.shape[1])
          } else {
            loss = logits.softmaxCrossEntropy(
              labels: target, smoothing: smoothing, ignoring: ignored)
            divisor = (target .!= Double(ignored ?? -100)).cast(to: .float64).sum()
          }
          switch try test.text("reduction") {
          case "none": return ["y": loss]
          case "sum": return ["y": loss.sum()]
          default: return ["y": loss.sum() / divisor]
          }
        }
      ],
      skipping: ["nll_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits", "kl_div"],
      where: { !$0.hasInput("weight") })
    #expect(report.failures == [])
    #expect(report.count == 23)
  }

  static let refusals: [RefusalCase] = {
    let x = Tensor(repeating: 1, shape: [2, 3])
    let n = Tensor(repeating: 1, shape: [2, 3], as: .int32)
    let labels = Tensor(repeating: 1, shape: [2], as: .int32)
    func refused(
      _ operation: some Operator, _ operands: [Tensor], _ reason: String
    ) -> RefusalCase {
      RefusalCase(operation.name, reason) { _ = try Tensor.recordingAll(operation, operands) }
    }
    let noAxis = "axis 2 does not exist in [2, 3], whose axes are 0 to 1"
    let floating = "takes floating-point numbers, got int32[2, 3]; cast it first"
    let unlike = "the gradient and the result must have one type, got float32[2, 3] and float32[3]"
    let entropy = SoftmaxCrossEntropy()
    let row = x.sum(axes: [0])
    return [
      refused(Softmax(axis: 2), [x], noAxis),
      refused(Softmax(axis: 0), [n], floating),
      refused(Softmax(axis: 0), [], "takes 1 operand(s), got 0"),
      refused(Softmax(axis: 0), [Tensor(1)], "axis 0 does not exist in [], which has none"),
      refused(LogSoftmax(axis: 2), [x], noAxis),
      refused(LogSoftmax(axis: 0), [n], floating),
      refused(LogSoftmax(axis: 0), [x, x], "takes 1 operand(s), got 2"),
      refused(LogSoftmax(axis: 0), [Tensor(1)], "axis 0 does not exist in [], which has none"),
      refused(SoftmaxGradient(axis: 2), [x, x], noAxis),
      refused(SoftmaxGradient(axis: 0), [x, row], unlike),
      refused(SoftmaxGradient(axis: 0), [x, n], floating),
      refused(SoftmaxGradient(axis: 0), [x], "takes 2 operand(s), got 1"),
      refused(LogSoftmaxGradient(axis: 2), [x, x], noAxis),
      refused(LogSoftmaxGradient(axis: 0), [x, row], unlike),
      refused(LogSoftmaxGradient(axis: 0), [n, n], floating),
      refused(LogSoftmaxGradient(axis: 0), [x], "takes 2 operand(s), got 1"),
      refused(entropy, [x], "takes 2 operand(s), got 1"),
      refused(
        entropy, [n, labels], "takes floating-point logits, got int32[2, 3]; cast them first"),
      refused(entropy, [row, labels], "takes logits [N, classes, …], got [3]"),
      refused(
        entropy, [x, x], "labels must be int32 or int64, got float32[2, 3]; cast them first"),
      refused(entropy, [x, n], "logits [2, 3] need labels [2], got [2, 3]"),
      refused(
        SoftmaxCrossEntropy(LabelTarget(smoothing: 1.5)), [x, labels],
        "label smoothing must lie between 0 and 1, got 1.5"),
      refused(
        SoftmaxCrossEntropy(LabelTarget(smoothing: .nan)), [x, labels],
        "label smoothing must lie between 0 and 1, got nan"),
      refused(
        SoftmaxCrossEntropyGradient(LabelTarget()), [x, x, labels],
        "logits float32[2, 3] need a gradient [2] of their own kind, got float32[2, 3]"),
      refused(
        SoftmaxCrossEntropyGradient(LabelTarget()), [x, labels], "takes 3 operand(s), got 2"),
      refused(
        SoftmaxCrossEntropyGradient(LabelTarget()), [row, x, n],
        "logits [2, 3] need labels [2], got [2, 3]"),
      refused(
        SoftmaxCrossEntropyGradient(LabelTarget()), [row, n, labels],
        "takes floating-point logits, got int32[2, 3]; cast them first"),
      RefusalCase(
        "softmax cross entropy", "logits float32[2, 3] and distributions int32[2, 3] must be alike"
      ) { _ = try x.recordingCrossEntropy(distributions: n) },
      RefusalCase("softmax cross entropy", "takes logits [N, classes, …], got [3]") {
        _ = try row.recordingCrossEntropy(distributions: row)
      },
    ]
  }()

  @Test func refuses() {
    #expect(Self.refusals.compactMap { $0.failure() } == [])
    #expect(Self.refusals.count == 29)
    let x = Tensor(repeating: 1, shape: [2, 3])
    for make: (Int) -> any Operator in [{ Softmax(axis: $0) }, { LogSoftmax(axis: $0) }] {
      let tries = HostileIntegers.tries(usual: [0]) { arguments in
        _ = try Tensor.recordingAll(make(arguments[0]), [x])
      }
      #expect(tries == (6, 4, []))
    }
  }

  /// A label to ignore may be any number at all; only what is drawn from it counts.
  @Test func hostileLabelsToIgnore() {
    let x = Tensor([1, 2], shape: [1, 2], as: .float64)
    let labels = Tensor([1], shape: [1], as: .int64)
    for ignored in HostileIntegers.all {
      let loss = x.softmaxCrossEntropy(labels: labels, ignoring: ignored)
      let second = gradient(
        of: gradient(of: loss.sum(), withRespectTo: x).squared().sum(), withRespectTo: x)
      #expect(
        Interpreter.evaluate([loss, second]).allSatisfy { $0.scalars.allSatisfy(\.isFinite) })
    }
  }
}
