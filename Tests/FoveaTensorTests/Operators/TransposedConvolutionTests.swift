import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct TransposedConvolutionTests {
  static let cases: [OperatorCase] = {
    var cases: [OperatorCase] = []
    func add(
      _ image: Shape, _ kernel: [Int], _ stride: Extents, _ padding: Padding, _ extra: Extents,
      _ dilation: Extents
    ) {
      for groups in [1, 2] {
        cases.append(
          OperatorCase(
            "\(image), kernel \(kernel), stride \(stride), \(padding), output padding \(extra), "
              + "dilation \(dilation), \(groups) groups", image,
            Shape([image[1], 2 / groups] + kernel)
          ) {
            $0[0].convolvedTransposed(
              with: $0[1], stride: stride, padding: padding, outputPadding: extra,
              dilation: dilation, groups: groups)
          })
      }
    }
    for kernel in 2...3 {
      for padding in [.valid, 1, .same, .sides(low: 1, high: 0)] as [Padding] {
        for dilation in 1...2 {
          for (stride, extra) in [(1, 0), (2, 0), (2, 1), (3, 2)] {
            let (stride, extra, dilation) = (Extents(stride), Extents(extra), Extents(dilation))
            add([1, 2, 4], [kernel], stride, padding, extra, dilation)
          }
        }
      }
    }
    for padding in [.valid, [1, 0], .same] as [Padding] {
      let strides: [(Extents, Extents)] = [([1, 1], 0), ([2, 1], 0), ([2, 3], [1, 2])]
      for (stride, extra) in strides {
        add([1, 2, 3, 2], [3, 2], stride, padding, extra, 1)
        add([1, 2, 2, 3], [2, 2], stride, padding, extra, [1, 2])
      }
    }
    add([1, 2, 2, 2, 1], [2, 1, 2], [1, 2, 1], .valid, 0, 1)
    add([1, 2, 2, 1, 2], [2, 2, 2], 2, 1, 1, 1)
    return cases
  }()

  @Test(arguments: cases) func gradients(_ test: OperatorCase) throws {
    #expect(try GradientCheck.firstOrder(test) == [])
    #expect(try GradientCheck.secondOrder(test) == [])
  }

  @Test func countsItsCases() { #expect(Self.cases.count == 168) }

  @Test func goldens() throws {
    let record: GoldenRecording = { test, inputs in
      let y = inputs["x"].convolvedTransposed(
        with: inputs["weight"], stride: try test.extents("stride"),
        padding: .symmetric(try test.extents("padding")),
        outputPadding: try test.extents("outputPadding"), dilation: try test.extents("dilation"),
        groups: try test.integer("groups"))
      return ["y": inputs.has("bias") ? y + ConvolutionTests.perChannel(inputs["bias"], y) : y]
    }
    let report = try GoldenFamily("conv_transpose").run([
      "conv_transpose1d": record, "conv_transpose2d": record, "conv_transpose3d": record,
    ])
    #expect(report.failures == [])
    #expect(report.count == 48)
  }

  @Test func samePaddingMultipliesTheExtentsByTheStride() {
    for kernel in 1...4 {
      for stride in 1...4 {
        let y = Tensor(repeating: 1, shape: [1, 1, 5]).convolvedTransposed(
          with: Tensor(repeating: 1, shape: [1, 1, kernel]), stride: Extents(stride), padding: .same
        )
        #expect(y.shape == [1, 1, 5 * stride])
      }
    }
  }
}
