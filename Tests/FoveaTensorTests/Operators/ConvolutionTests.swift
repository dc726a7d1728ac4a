import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct ConvolutionTests {
  static let cases: [OperatorCase] = [
    OperatorCase("1-D", [2, 3, 7], [4, 3, 3]) { $0[0].convolved(with: $0[1], padding: 1) },
    OperatorCase("2-D strided, grouped", [1, 4, 6, 5], [4, 2, 3, 2]) {
      $0[0].convolved(with: $0[1], stride: [2, 1], padding: [1, 0], groups: 2)
    },
    OperatorCase("3-D dilated", [1, 1, 4, 5, 4], [2, 1, 2, 2, 2]) {
      $0[0].convolved(with: $0[1], padding: .same, dilation: [1, 2, 1])
    },
  ]

  @Test(arguments: cases) func gradients(_ test: OperatorCase) throws {
    #expect(try GradientCheck.firstOrder(test) == [])
    #expect(try GradientCheck.secondOrder(test) == [])
  }

  @Test func refusesChannelsThatDoNotFit() {
    let x = Tensor(repeating: 0, shape: [1, 4, 8, 8])
    let w = Tensor(repeating: 0, shape: [6, 3, 3, 3])
    let geometry = ConvolutionGeometry(
      stride: [1, 1], dilation: [1, 1], low: [0, 0], high: [0, 0], groups: 1)
    #expect(
      throws: ShapeError(
        "convolution",
        "image [1, 4, 8, 8] has 4 channels, filter [6, 3, 3, 3] with 1 group(s) expects 3")
    ) { try Tensor.recording(Convolution(geometry), [x, w]) }
  }
}
