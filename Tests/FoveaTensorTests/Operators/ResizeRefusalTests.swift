import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct ResizeRefusalTests {
  static func zeros(_ shape: Shape, _ type: ElementType = .float32) -> Tensor {
    Tensor(repeating: 0, shape: shape, as: type)
  }

  static func refused(
    _ operation: some Operator, _ reason: String, _ operands: Tensor...
  ) -> RefusalCase {
    RefusalCase(operation.name, reason) { _ = try Tensor.recordingAll(operation, operands) }
  }

  static let x = zeros([1, 2, 4, 4])
  static let linear = ResizeRule(.linear)

  static let cases: [RefusalCase] = [
    refused(Resize(linear, to: [2, 2]), "takes 1 operand(s), got 2", x, x),
    refused(
      Resize(linear, to: [2, 2]),
      "takes floating-point numbers, got uint8[1, 2, 4, 4]; cast it first",
      zeros([1, 2, 4, 4], .uint8)),
    refused(
      Resize(linear, to: [2]), "output [2] names 1 axes, the image has 2 spatial axes", x),
    refused(
      Resize(linear, to: [2, 0]),
      "output extent must lie between 1 and 2147483647, got 0 on axis 1",
      x),
    refused(
      Resize(linear, to: [2, 2]),
      "takes an image [N, C, spatial…] of 1 to 3 spatial axes, got [4, 4]", zeros([4, 4])),
    refused(
      Resize(ResizeRule(.cubic(coefficient: .nan)), to: [2, 2]),
      "the cubic's coefficient must be finite, got nan", x),
    refused(
      Resize(ResizeRule(.linear, steps: [0.5]), to: [2, 2]),
      "takes one positive step for each of 2 spatial axes, got [0.5]", x),
    refused(
      Resize(ResizeRule(.linear, steps: [0.5, -1]), to: [2, 2]),
      "takes one positive step for each of 2 spatial axes, got [0.5, -1.0]", x),
    refused(
      Resize(linear, to: [1 << 31 - 1, 1 << 31 - 1]),
      "would give [1, 2, 2147483647, 2147483647]: more than the 70368744177664 elements of the "
        + "largest tensor", x),
    refused(
      ResizeAdjoint(linear, image: [1, 3, 4, 4]),
      "output [1, 2, 4, 4] and image [1, 3, 4, 4] must agree in batch, channels and rank", x),
    refused(
      ResizeAdjoint(linear, image: [1, 2, 4]),
      "output [1, 2, 4, 4] and image [1, 2, 4] must agree in batch, channels and rank", x),
    refused(
      ResizeAdjoint(linear, image: [1, 2, 4, 0]),
      "would give [1, 2, 4, 0]: axis 3 has 0 elements, at least 1 is needed", x),
    refused(
      ResizeAdjoint(linear, image: [1, 2]),
      "takes an image [N, C, spatial…] of 1 to 3 spatial axes, got [1, 2]", zeros([1, 2])),
    refused(
      ResizeAdjoint(linear, image: [1, 2, 4, 4]),
      "takes floating-point numbers, got int32[1, 2, 4, 4]; cast it first",
      zeros([1, 2, 4, 4], .int32)),
  ]

  @Test(arguments: cases) func refuses(_ test: RefusalCase) {
    #expect(test.failure() == nil)
  }

  @Test func countsItsCases() { #expect(Self.cases.count == 14) }

  @Test func hostileExtents() {
    for method in [.nearest, .nearestExact, .linear, .cubic()] as [ResizeMethod] {
      let resize = HostileIntegers.tries(usual: [3, 3]) {
        _ = try Tensor.recording(Resize(ResizeRule(method), to: Extents($0)), [Self.x])
      }
      #expect(resize.failures == [])
      #expect(resize.refused == 10)
      let adjoint = HostileIntegers.tries(usual: [1, 2, 3, 3]) {
        _ = try Tensor.recording(ResizeAdjoint(ResizeRule(method), image: Shape($0)), [Self.x])
      }
      #expect(adjoint.failures == [])
      #expect(adjoint.refused == 22)
    }
  }

  @Test func stepsFarTooLargeStayInside() {
    for method in [.nearest, .nearestExact, .linear, .cubic()] as [ResizeMethod] {
      for step in [1e300, Double.greatestFiniteMagnitude, Double.leastNonzeroMagnitude] {
        let taps = ResizeRule(method, steps: [step]).taps(axis: 0, size: 5, output: 9)
        #expect(taps.indices.allSatisfy { (0..<5).contains($0) })
        #expect(taps.weights.allSatisfy { $0.isFinite })
      }
    }
  }
}
