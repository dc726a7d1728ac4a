import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct NormalizationTests {
  static let epsilons = [1e-5, 0.125]

  /// All results of batch normalisation, so that its statistics are differentiated, too.
  static let batch: [OperatorCase] = {
    var cases: [OperatorCase] = []
    for shape in [[5, 2], [3, 2, 3], [2, 3, 2, 2], [2, 1, 2, 2, 2]] as [Shape] {
      for epsilon in epsilons {
        let parameters: Shape = [shape[1]]
        let operands = [shape, parameters, parameters]
        for (wanted, words) in [
          ([0], "output"), ([1, 2], "statistics"), ([0, 1, 2], "all"),
          ([0, 2], "output and variance"),
        ] {
          cases.append(
            OperatorCase("batch \(shape), epsilon \(epsilon), \(words)", operands) {
              let (y, mean, variance) = $0[0].batchNormalized(
                scale: $0[1], shift: $0[2], epsilon: epsilon)
              let results = [y, mean, variance]
              return wanted.map { results[$0] }
            })
        }
      }
    }
    return cases
  }()

  static let frozen: [OperatorCase] = {
    var cases: [OperatorCase] = []
    for shape in [[5, 2], [3, 2, 3], [2, 3, 2, 2], [2, 1, 2, 2, 2]] as [Shape] {
      for epsilon in epsilons {
        let parameters: Shape = [shape[1]]
        cases.append(
          OperatorCase(
            "frozen \(shape), epsilon \(epsilon)",
            [shape, parameters, parameters, parameters, parameters], in: 0.5...2
          ) {
            [
              $0[0].normalized(
                mean: $0[1], variance: $0[2], scale: $0[3], shift: $0[4], epsilon: epsilon)
            ]
          })
      }
    }
    return cases
  }()

  static let layer: [OperatorCase] = {
    var cases: [OperatorCase] = []
    for shape in [[6], [3, 4], [2, 3, 3], [2, 2, 2, 3]] as [Shape] {
      for axes in 1...shape.rank {
        for epsilon in epsilons {
          let parameters = Shape(Array(shape.extents.suffix(axes)))
          for (wanted, words) in [([0], "output"), ([0, 1, 2], "all")] {
            cases.append(
              OperatorCase(
                "layer \(shape) over \(axes), epsilon \(epsilon), \(words)",
                [shape, parameters, parameters]
              ) {
                let results = try Tensor.recordingAll(
                  LayerNormalization(axes: axes, epsilon: epsilon), $0)
                return wanted.map { results[$0] }
              })
          }
        }
      }
    }
    return cases
  }()

  static let group: [OperatorCase] = {
    var cases: [OperatorCase] = []
    for shape in [[2, 4], [2, 4, 3], [1, 4, 2, 2], [2, 4, 1, 2, 1]] as [Shape] {
      for groups in [1, 2, 4] where shape.rank > 2 || groups < 4 {
        for epsilon in epsilons {
          cases.append(
            OperatorCase(
              "\(groups) groups of \(shape), epsilon \(epsilon)", shape, [4], [4]
            ) {
              $0[0].groupNormalized(
                groups: groups, scale: $0[1], shift: $0[2], epsilon: epsilon)
            })
          cases.append(
            OperatorCase(
              "statistics of \(groups) groups of \(shape), epsilon \(epsilon)", [shape, [4], [4]]
            ) {
              try Tensor.recordingAll(GroupNormalization(groups: groups, epsilon: epsilon), $0)
            })
        }
      }
    }
    return cases
  }()

  static let instance: [OperatorCase] = {
    var cases: [OperatorCase] = []
    for shape in [[2, 3, 4], [2, 2, 2, 3], [1, 2, 2, 2, 2], [3, 1, 5]] as [Shape] {
      for epsilon in epsilons + [1e-3] {
        let words = "\(shape), epsilon \(epsilon)"
        cases.append(
          OperatorCase("instance, \(words)", shape, [shape[1]], [shape[1]]) {
            $0[0].instanceNormalized(scale: $0[1], shift: $0[2], epsilon: epsilon)
          })
        cases.append(
          OperatorCase("instance, \(words), no scale", shape, [shape[1]]) {
            $0[0].instanceNormalized(shift: $0[1], epsilon: epsilon)
          })
      }
    }
    return cases
  }()

  static let localResponse: [OperatorCase] = {
    var cases: [OperatorCase] = []
    for size in [1, 2, 3, 4, 9] {
      for (alpha, beta, k) in [(1e-4, 0.75, 2), (0.5, 0.5, 1), (1, 1, 0.5)]
        as [(Double, Double, Double)]
      {
        for shape in [[2, 5], [1, 4, 2, 2]] as [Shape] {
          cases.append(
            OperatorCase("local response \(shape), \(size), \(alpha), \(beta), \(k)", shape) {
              $0[0].locallyResponseNormalized(size: size, alpha: alpha, beta: beta, k: k)
            })
        }
      }
    }
    return cases
  }()

  @Test(arguments: batch + frozen + layer + group + instance + localResponse)
  func gradients(_ test: OperatorCase) throws {
    #expect(try GradientCheck.firstOrder(test) == [])
    #expect(try GradientCheck.secondOrder(test) == [])
  }

  @Test func countsItsCases() {
    #expect(Self.batch.count == 32)
    #expect(Self.frozen.count == 8)
    #expect(Self.layer.count == 40)
    #expect(Self.group.count == 44)
    #expect(Self.instance.count == 24)
    #expect(Self.localResponse.count == 30)
  }

  @Test func batchGoldens() throws {
    let report = try GoldenFamily("batch_norm").run([
      "batch_norm": { test, inputs in
        let x = inputs["x"]
        let scale = inputs.has("weight") ? inputs["weight"] : nil
        let shift = inputs.has("bias") ? inputs["bias"] : nil
        let epsilon = try test.number("epsilon")
        guard try test.flag("training") else {
          return [
            "y": x.normalized(
              mean: inputs["runningMean"], variance: inputs["runningVariance"], scale: scale,
              shift: shift, epsilon: epsilon)
          ]
        }
        let (y, mean, variance) = x.batchNormalized(scale: scale, shift: shift, epsilon: epsilon)
        guard inputs.has("runningMean") else { return ["y": y] }
        let momentum = try test.number("momentum")
        let count = Double(x.shape.count / x.shape[1])
        return [
          "y": y,
          "runningMean": inputs["runningMean"] * (1 - momentum) + mean * momentum,
          "runningVariance": inputs["runningVariance"] * (1 - momentum)
            + variance * (momentum * count / (count - 1)),
        ]
      }
    ])
    #expect(report.failures == [])
    #expect(report.count == 19)
  }

  @Test func otherGoldens() throws {
    let report = try GoldenFamily("norms").run(
      [
        "layer_norm": { test, inputs in
          [
            "y": inputs["x"].layerNormalized(
              over: try test.integers("normalizedShape").count,
              scale: inputs.has("weight") ? inputs["weight"] : nil,
              shift: inputs.has("bias") ? inputs["bias"] : nil,
              epsilon: try test.number("epsilon"))
          ]
        },
        "group_norm": { test, inputs in
          [
            "y": inputs["x"].groupNormalized(
              groups: try test.integer("groups"),
              scale: inputs.has("weight") ? inputs["weight"] : nil,
              shift: inputs.has("bias") ? inputs["bias"] : nil,
              epsilon: try test.number("epsilon"))
          ]
        },
        "instance_norm": { test, inputs in
          [
            "y": inputs["x"].instanceNormalized(
              scale: inputs.has("weight") ? inputs["weight"] : nil,
              shift: inputs.has("bias") ? inputs["bias"] : nil,
              epsilon: try test.number("epsilon"))
          ]
        },
        "local_response_norm": { test, inputs in
          [
            "y": inputs["x"].locallyResponseNormalized(
              size: try test.integer("size"), alpha: try test.number("alpha"),
              beta: try test.number("beta"), k: try test.number("k"))
          ]
        },
      ], skipping: ["normalize"])
    #expect(report.failures == [])
    #expect(report.count == 28)
  }

  /// Every fused operator says the same as its decomposition.
  @Test(arguments: batch + frozen + layer + group + localResponse)
  func decompositions(_ test: OperatorCase) throws {
    let leaves = test.arrays().map { Tensor($0) }
    let outputs = try test.record(leaves)
    let g = outputs.map { Tensor(repeating: 0.5, shape: $0.shape, as: .float64) * ($0 + 1) }
    let gradients = try pullback(of: outputs, cotangents: g, to: leaves).compactMap { $0 }
    var checked = 0
    for node in topologicalOrder(of: (outputs + gradients).map(\.node)) {
      guard let fused = node.operation as? any Decomposable else { continue }
      checked += 1
      let simple = try fused.decomposed(node.operands)
      #expect(simple.map(\.type) == node.types)
      let results = node.types.indices.map { Tensor(node, $0) }
      for (a, b) in zip(Interpreter.evaluate(results), Interpreter.evaluate(simple)) {
        for (x, y) in zip(a.scalars, b.scalars) { #expect(abs(x - y) <= 1e-11 * (1 + abs(x))) }
      }
    }
    #expect(checked >= 1)
  }

  @Test func halfPrecisionImagesTakeFloat32Parameters() throws {
    let x = Tensor([1, 2, 3, 4, 5, 9], shape: [3, 2], as: .bfloat16)
    let scale = Tensor([1, 2], shape: [2])
    let shift = Tensor([0, 1], shape: [2])
    let (y, mean, variance) = x.batchNormalized(scale: scale, shift: shift)
    #expect(y.elementType == .bfloat16)
    #expect(mean.elementType == .float32)
    #expect(variance.elementType == .float32)
    #expect(Interpreter.evaluate([mean])[0].scalars == [3, 5])
    let objective = (y * y).sum() + (mean.sum() + variance.sum()).cast(to: .bfloat16)
    let found = FoveaTensor.gradients(of: objective, withRespectTo: [x, scale, shift])
    #expect(found.map(\.elementType) == [.bfloat16, .float32, .float32])
    let again = FoveaTensor.gradients(of: found[0].squared().sum(), withRespectTo: [x, scale])
    #expect(again.map(\.elementType) == [.bfloat16, .float32])
    let frozen = x.normalized(mean: mean, variance: variance, scale: scale, shift: shift)
    #expect(frozen.elementType == .bfloat16)
  }

  @Test func normalizedChannelsHaveMeanZeroAndVarianceOne() {
    let x = Tensor(
      (0..<24).map { Double($0 * $0 % 17) }, shape: [2, 3, 4], as: .float64)
    let again = x.batchNormalized(epsilon: 0).output.batchNormalized(epsilon: 0)
    let statistics = Interpreter.evaluate([again.mean, again.variance])
    #expect(statistics[0].scalars.allSatisfy { abs($0) < 1e-15 })
    #expect(statistics[1].scalars.allSatisfy { abs($0 - 1) < 1e-14 })
  }
}
