import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct ConvolutionTests {
  static let oneAxis: [OperatorCase] = table(
    image: [1, 2, 7], kernels: [[1], [2], [3]], strides: [1, 2], dilations: [1, 2],
    paddings: [.valid, 1, .same, .full, .sides(low: 2, high: 0)])

  static let twoAxes: [OperatorCase] = table(
    image: [1, 2, 5, 4], kernels: [[1, 1], [2, 3], [3, 1]], strides: [1, [2, 1], [1, 3]],
    dilations: [1, [2, 1]],
    paddings: [.valid, [1, 0], .same, .full, .sides(low: [0, 1], high: [2, 0])])

  static let threeAxes: [OperatorCase] = table(
    image: [1, 2, 3, 3, 4], kernels: [[1, 2, 2], [2, 1, 3]], strides: [1, [2, 1, 3]],
    dilations: [1, [2, 1, 1]], paddings: [.valid, 1, .sides(low: [0, 1, 0], high: [1, 0, 2])])

  static func table(
    image: Shape, kernels: [[Int]], strides: [Extents], dilations: [Extents], paddings: [Padding]
  ) -> [OperatorCase] {
    var cases: [OperatorCase] = []
    for kernel in kernels {
      for stride in strides {
        for dilation in dilations {
          for padding in paddings {
            for groups in [1, 2] {
              cases.append(
                OperatorCase(
                  "kernel \(kernel), stride \(stride), dilation \(dilation), \(padding), "
                    + "\(groups) groups", image, Shape([2, 2 / groups] + kernel)
                ) {
                  $0[0].convolved(
                    with: $0[1], stride: stride, padding: padding, dilation: dilation,
                    groups: groups)
                })
            }
          }
        }
      }
    }
    return cases
  }

  /// Depthwise convolution, with and without a multiplier, and batches.
  static let others: [OperatorCase] = [
    OperatorCase("depthwise", [1, 3, 4, 4], [3, 1, 3, 3]) {
      $0[0].convolved(with: $0[1], padding: 1, groups: 3)
    },
    OperatorCase("depthwise, twice as many out", [1, 3, 4, 4], [6, 1, 2, 2]) {
      $0[0].convolved(with: $0[1], stride: 2, groups: 3)
    },
    OperatorCase("batch of 3", [3, 2, 5], [4, 2, 3]) { $0[0].convolved(with: $0[1], padding: 1) },
    OperatorCase("whole image", [2, 2, 3, 3], [2, 2, 3, 3]) { $0[0].convolved(with: $0[1]) },
  ]

  @Test(arguments: oneAxis + twoAxes + threeAxes + others)
  func gradients(_ test: OperatorCase) throws {
    #expect(try GradientCheck.firstOrder(test) == [])
    #expect(try GradientCheck.secondOrder(test) == [])
  }

  @Test func countsItsCases() {
    #expect(Self.oneAxis.count == 120)
    #expect(Self.twoAxes.count == 180)
    #expect(Self.threeAxes.count == 48)
  }

  @Test(arguments: [("conv1d", 23), ("conv2d", 83), ("conv3d", 19)])
  func goldens(_ family: String, _ expected: Int) throws {
    let report = try GoldenFamily(family).run([
      family: { test, inputs in
        var image = inputs["x"]
        var sides = Padding.sides(
          low: try test.extents("paddingLow"), high: try test.extents("paddingHigh"))
        let mode = try test.text("paddingMode")
        if mode != "zeros" {
          let surroundings: [String: Surroundings] = [
            "circular": .repetition, "reflect": .reflection, "replicate": .edge,
          ]
          image = image.padded(sides, try #require(surroundings[mode]))
          sides = .valid
        } else if test.has("padding") {
          sides = .same
        }
        let y = image.convolved(
          with: inputs["weight"], stride: try test.extents("stride"), padding: sides,
          dilation: try test.extents("dilation"), groups: try test.integer("groups"))
        return ["y": inputs.has("bias") ? y + Self.perChannel(inputs["bias"], y) : y]
      }
    ])
    #expect(report.failures == [])
    #expect(report.count == expected)
  }

  /// Convolution of an image that repeats itself commutes with turning the image around.
  @Test func circularConvolutionIsEquivariant() {
    let (height, width) = (5, 6)
    let x = AdjointTests.whole([1, 2, height, width], "image")
    let w = AdjointTests.whole([3, 2, 3, 2], "filter")
    func turned(_ x: Tensor, _ down: Int, _ right: Int) -> Tensor {
      let scalars = Interpreter.evaluate([x])[0].scalars
      var result = scalars
      for index in scalars.indices {
        let (plane, i, j) = (
          index / (height * width), index / width % height, index % width
        )
        let target = (plane * height + (i + down) % height) * width + (j + right) % width
        result[target] = scalars[index]
      }
      return Tensor(result, shape: x.shape, as: .float64)
    }
    func convolved(_ x: Tensor) -> Tensor {
      x.padded(.sides(low: [1, 0], high: [1, 1]), .repetition).convolved(with: w)
    }
    for down in 0..<height {
      for right in 0..<width {
        let values = Interpreter.evaluate([
          convolved(turned(x, down, right)), turned(convolved(x), down, right),
        ])
        #expect(values[0] == values[1])
      }
    }
  }

  /// A bias `[C]` that broadcasts over an image.
  static func perChannel(_ bias: Tensor, _ image: Tensor) -> Tensor {
    bias.reshaped(to: Shape([bias.shape[0]] + [Int](repeating: 1, count: image.rank - 2)))
  }
}
