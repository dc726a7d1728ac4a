import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct MaxPoolTests {
  static let cases: [OperatorCase] = {
    var cases: [OperatorCase] = []
    for (image, kernels) in [
      ([1, 2, 7], [[2], [3]]), ([1, 1, 5, 4], [[2, 2], [3, 1]]), ([1, 1, 3, 3, 2], [[2, 2, 1]]),
    ] as [(Shape, [[Int]])] {
      for kernel in kernels {
        for stride in [nil, 1, 2] as [Extents?] {
          for padding in [.valid, 1, .same] as [Padding] {
            for dilation in 1...2 {
              for ceil in [false, true] {
                if padding == .valid, dilation == 2, image.rank == 5 { continue }
                let dilation = Extents(dilation)
                cases.append(
                  OperatorCase(
                    "\(image), kernel \(kernel), stride \(stride.map(String.init) ?? "kernel"), "
                      + "\(padding), dilation \(dilation), ceil \(ceil)", image
                  ) {
                    $0[0].maxPooled(
                      Extents(kernel), stride: stride, padding: padding, dilation: dilation,
                      ceil: ceil
                    )
                    // A window of padding alone is −∞, which no difference can be taken of.
                    .maximum(Tensor(repeating: -9, shape: [], as: .float64))
                  })
              }
            }
          }
        }
      }
    }
    return cases
  }()

  static let others: [OperatorCase] = [
    OperatorCase("global", [2, 2, 3, 3]) { $0[0].globalMaxPooled() },
    OperatorCase("adaptive", [1, 2, 7]) { $0[0].adaptiveMaxPooled(to: 3) },
    OperatorCase("adaptive to more", [1, 1, 3, 2]) { $0[0].adaptiveMaxPooled(to: [5, 3]) },
    OperatorCase("adaptive to a divisor", [1, 1, 4, 6]) { $0[0].adaptiveMaxPooled(to: [2, 3]) },
    OperatorCase("unpooled", [1, 2, 4, 4]) {
      let (y, indices) = $0[0].maxPooledWithIndices(2)
      return y.squared().unpooled(indices: indices, to: [4, 5])
    },
    OperatorCase("unpooled, windows overlap", [1, 1, 5], [1, 1, 3]) {
      $0[1].unpooled(indices: $0[0].maxPooledWithIndices(3, stride: 1).indices, to: 5)
    },
  ]

  @Test(arguments: cases + others) func gradients(_ test: OperatorCase) throws {
    #expect(try GradientCheck.firstOrder(test) == [])
    #expect(try GradientCheck.secondOrder(test) == [])
  }

  @Test func countsItsCases() { #expect(Self.cases.count == 174) }

  @Test func goldens() throws {
    let record: GoldenRecording = { test, inputs in
      let (y, indices) = inputs["x"].maxPooledWithIndices(
        try test.extents("kernelSize"), stride: try test.extents("stride"),
        padding: .symmetric(try test.extents("padding")), dilation: try test.extents("dilation"),
        ceil: try test.flag("ceilMode"))
      return ["y": y, "indices": indices]
    }
    let report = try GoldenFamily("max_pool").run([
      "max_pool1d": record, "max_pool2d": record, "max_pool3d": record,
    ])
    #expect(report.failures == [])
    #expect(report.count == 25)
  }

  @Test func unpoolingGoldens() throws {
    let record: GoldenRecording = { test, inputs in
      [
        "y": inputs["x"].unpooled(
          indices: inputs["indices"], to: try test.extents("outputSize"))
      ]
    }
    let report = try GoldenFamily("max_unpool").run([
      "max_unpool1d": record, "max_unpool2d": record, "max_unpool3d": record,
    ])
    #expect(report.failures == [])
    #expect(report.count == 7)
  }

  private func pooled(
    _ scalars: [Double], _ kernel: Extents, stride: Extents, padding: Padding = .valid
  ) -> [[Double]] {
    let x = Tensor(scalars, shape: [1, 1, scalars.count], as: .float64)
    let (y, indices) = x.maxPooledWithIndices(kernel, stride: stride, padding: padding)
    return Interpreter.evaluate([y, indices]).map(\.scalars)
  }

  @Test func ofEqualPixelsTheFirstIsTaken() {
    #expect(pooled([3, 3, 1, 2, 2, 2], 3, stride: 3) == [[3, 2], [0, 3]])
  }

  @Test func notANumberIsTakenBeforeAnything() {
    let found = pooled([1, .nan, .infinity, .nan, 5, 6], 3, stride: 3)
    #expect(found[0].allSatisfy { $0.isNaN })
    #expect(found[1] == [1, 3])
  }

  @Test func minusInfinityHasAnIndexToo() {
    #expect(pooled([-.infinity, -.infinity], 2, stride: 2) == [[-.infinity], [0]])
  }

  @Test func windowOfPaddingAloneIsMinusInfinityFromNowhere() throws {
    let padding = Padding.sides(low: 2, high: 0)
    #expect(pooled([7, 8], 2, stride: 2, padding: padding) == [[-.infinity, 8], [-1, 1]])
    let x = Tensor([7, 8], shape: [1, 1, 2], as: .float64)
    let y = x.maxPooled(2, stride: 2, padding: padding)
    let g = Tensor([10, 1], shape: [1, 1, 2], as: .float64)
    let dx = try #require(try pullback(of: [y], cotangents: [g], to: [x])[0])
    #expect(Interpreter.evaluate([dx])[0].scalars == [0, 1])
  }

  @Test func integersKeepTheirKind() {
    let x = Tensor([-3, 5, 127, -128], shape: [1, 1, 4], as: .int8)
    let y = x.maxPooled(2, padding: .sides(low: 2, high: 0))
    #expect(y.elementType == .int8)
    #expect(Interpreter.evaluate([y])[0].scalars == [-128, 5, 127])
  }

  @Test func unpoolingKeepsTheLastAndLeavesOutWhatIsOutside() {
    let x = Tensor([1, 2, 3, 4, 5], shape: [1, 1, 5], as: .float64)
    let indices = Tensor([0, 2, 0, -1, 3], shape: [1, 1, 5], as: .int64)
    let y = x.unpooled(indices: indices, to: 3)
    #expect(Interpreter.evaluate([y])[0].scalars == [3, 0, 2])
  }

  @Test func lastWindowMustStartInsideTheImageOrThePaddingBeforeIt() {
    let x = Tensor(repeating: 0, shape: [1, 1, 5])
    #expect(x.maxPooled(2, stride: 3, padding: 1, ceil: true).shape == [1, 1, 2])
    #expect(x.maxPooled(2, stride: 2, ceil: true).shape == [1, 1, 3])
    #expect(x.maxPooled(3, stride: 5, ceil: true).shape == [1, 1, 1])
    let short = Tensor(repeating: 0, shape: [1, 1, 2])
    #expect(short.maxPooled(3, stride: 2, ceil: true).shape == [1, 1, 1])
  }

  @Test func kernelFarLargerThanTheImageTakesNoLonger() {
    let huge = Shape.largestExtent
    let x = Tensor([1, 2, 3], shape: [1, 1, 3], as: .float64)
    let y = x.maxPooled(Extents(huge), stride: Extents(huge), padding: Padding(huge))
    #expect(Interpreter.evaluate([y])[0].scalars.max() == 3)
  }
}

extension Padding {
  fileprivate init(_ both: Int) { self = .symmetric(Extents(both)) }
}
