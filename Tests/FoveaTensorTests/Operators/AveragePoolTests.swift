import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct AveragePoolTests {
  static let cases: [OperatorCase] = {
    var cases: [OperatorCase] = []
    for (image, kernel) in [
      ([1, 2, 7], [3]), ([1, 1, 5, 4], [2, 3]), ([1, 1, 3, 3, 2], [2, 3, 1]),
    ] as [(Shape, [Int])] {
      for stride in [nil, 2] as [Extents?] {
        for padding in [.valid, 1, .sides(low: 0, high: 1)] as [Padding] {
          for ceil in [false, true] {
            for (counts, divisor) in [(true, nil), (false, nil), (true, 4)] as [(Bool, Int?)] {
              cases.append(
                OperatorCase(
                  "\(image), stride \(stride.map(String.init) ?? "kernel"), \(padding), "
                    + "ceil \(ceil), counts \(counts), divisor \(divisor ?? 0)", image
                ) {
                  $0[0].averagePooled(
                    Extents(kernel), stride: stride, padding: padding, ceil: ceil,
                    countsPadding: counts, divisor: divisor)
                })
            }
          }
        }
      }
    }
    return cases
  }()

  static let others: [OperatorCase] = [
    OperatorCase("dilated", [1, 1, 6, 6]) {
      $0[0].averagePooled(2, stride: 1, padding: 1, dilation: [2, 3], countsPadding: false)
    },
    OperatorCase("global", [2, 2, 3, 3]) { $0[0].globalAveragePooled() },
    OperatorCase("adaptive", [1, 2, 7]) { $0[0].adaptiveAveragePooled(to: 3) },
    OperatorCase("adaptive to more", [1, 1, 3, 2]) { $0[0].adaptiveAveragePooled(to: [5, 3]) },
    OperatorCase("adaptive, 3-D", [1, 1, 3, 4, 2]) { $0[0].adaptiveAveragePooled(to: [2, 3, 1]) },
    OperatorCase("adaptive to a divisor", [1, 1, 4, 6]) {
      $0[0].adaptiveAveragePooled(to: [2, 3])
    },
    OperatorCase("power 1", [1, 1, 4, 4], in: 0.5...2) { $0[0].powerPooled(2, power: 1) },
    OperatorCase("power 2", [1, 1, 4, 4], in: 0.5...2) {
      $0[0].powerPooled(2, power: 2, stride: 1)
    },
    OperatorCase("power 3", [1, 1, 5], in: 0.5...2) { $0[0].powerPooled(2, power: 3, ceil: true) },
    OperatorCase("power 2.5, both signs", [1, 1, 6], avoidingMultiplesOf: 8) {
      $0[0].powerPooled(3, power: 2.5)
    },
  ]

  @Test(arguments: cases + others) func gradients(_ test: OperatorCase) throws {
    #expect(try GradientCheck.firstOrder(test) == [])
    #expect(try GradientCheck.secondOrder(test) == [])
  }

  @Test func countsItsCases() { #expect(Self.cases.count == 108) }

  @Test func goldens() throws {
    let record: GoldenRecording = { test, inputs in
      [
        "y": inputs["x"].averagePooled(
          try test.extents("kernelSize"), stride: try test.extents("stride"),
          padding: .symmetric(try test.extents("padding")), ceil: try test.flag("ceilMode"),
          countsPadding: try test.flag("countIncludePad"),
          divisor: test.has("divisorOverride") ? try test.integer("divisorOverride") : nil)
      ]
    }
    let report = try GoldenFamily("avg_pool").run([
      "avg_pool1d": record, "avg_pool2d": record, "avg_pool3d": record,
    ])
    #expect(report.failures == [])
    #expect(report.count == 26)
  }

  @Test func adaptiveGoldens() throws {
    let average: GoldenRecording = { test, inputs in
      ["y": inputs["x"].adaptiveAveragePooled(to: try test.extents("outputSize"))]
    }
    let largest: GoldenRecording = { test, inputs in
      let (y, indices) = inputs["x"].adaptiveMaxPooledWithIndices(
        to: try test.extents("outputSize"))
      return ["y": y, "indices": indices]
    }
    let report = try GoldenFamily("adaptive_pool").run([
      "adaptive_avg_pool1d": average, "adaptive_avg_pool2d": average,
      "adaptive_avg_pool3d": average, "adaptive_max_pool1d": largest,
      "adaptive_max_pool2d": largest, "adaptive_max_pool3d": largest,
    ])
    #expect(report.failures == [])
    #expect(report.count == 20)
  }

  @Test func powerGoldens() throws {
    let record: GoldenRecording = { test, inputs in
      [
        "y": inputs["x"].powerPooled(
          try test.extents("kernelSize"), power: try test.number("power"),
          stride: try test.extents("stride"), ceil: try test.flag("ceilMode"))
      ]
    }
    let report = try GoldenFamily("lp_pool").run([
      "lp_pool1d": record, "lp_pool2d": record, "lp_pool3d": record,
    ])
    #expect(report.failures == [])
    #expect(report.count == 7)
  }

  @Test func windowOfPaddingAloneIsZero() {
    let x = Tensor([6, 8], shape: [1, 1, 2], as: .float64)
    let y = x.averagePooled(
      2, stride: 2, padding: .sides(low: 2, high: 0), countsPadding: false)
    #expect(Interpreter.evaluate([y])[0].scalars == [0, 7])
  }
}
