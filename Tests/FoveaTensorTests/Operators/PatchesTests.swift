import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct PatchesTests {
  static let cases: [OperatorCase] = {
    var cases: [OperatorCase] = []
    for (image, kernel) in [
      ([2, 2, 6], [3]), ([1, 2, 4, 4], [2, 3]), ([1, 1, 3, 3, 3], [2, 1, 2]),
    ] as [(Shape, [Int])] {
      for stride in [1, 2] as [Extents] {
        for padding in [.valid, 1, .same] as [Padding] {
          for dilation in [1, 2] as [Extents] {
            if padding == .valid, dilation == 2, image.rank == 4 { continue }
            let words = "\(image), stride \(stride), \(padding), dilation \(dilation)"
            let (kernel, size) = (Extents(kernel), Extents(Array(image.extents[2...])))
            cases.append(
              OperatorCase(words, image) {
                $0[0].patches(kernel, stride: stride, padding: padding, dilation: dilation)
              })
            let columns = Tensor(repeating: 0, shape: image)
              .patches(kernel, stride: stride, padding: padding, dilation: dilation)
            cases.append(
              OperatorCase("folded, " + words, columns.shape) {
                $0[0].folded(
                  to: size, kernel: kernel, stride: stride, padding: padding, dilation: dilation)
              })
          }
        }
      }
    }
    return cases
  }()

  @Test(arguments: cases) func gradients(_ test: OperatorCase) throws {
    #expect(try GradientCheck.firstOrder(test) == [])
    // Linear: the gradient is a constant, and differentiable as such.
    #expect(try GradientCheck.secondOrder(test) == [])
  }

  @Test func countsItsCases() { #expect(Self.cases.count == 68) }

  @Test func goldens() throws {
    let report = try GoldenFamily("patches").run([
      "unfold": { test, inputs in
        [
          "y": inputs["x"].patches(
            try test.extents("kernelSize"), stride: try test.extents("stride"),
            padding: .symmetric(try test.extents("padding")),
            dilation: try test.extents("dilation"))
        ]
      },
      "fold": { test, inputs in
        [
          "y": inputs["x"].folded(
            to: try test.extents("outputSize"), kernel: try test.extents("kernelSize"),
            stride: try test.extents("stride"),
            padding: .symmetric(try test.extents("padding")),
            dilation: try test.extents("dilation"))
        ]
      },
    ])
    #expect(report.failures == [])
    #expect(report.count == 18)
  }
}
