import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct ReductionRefusalTests {
  static let refusals: [RefusalCase] = {
    let x = Tensor(repeating: 1, shape: [2, 3])
    let n = Tensor(repeating: 1, shape: [2, 3], as: .int32)
    let t = Tensor(repeating: 1, shape: [2, 3], as: .bool)
    func refused(
      _ operation: some Operator, _ operands: [Tensor], _ reason: String
    ) -> RefusalCase {
      RefusalCase(operation.name, reason) { _ = try Tensor.recordingAll(operation, operands) }
    }
    let noAxis = "axis 2 does not exist in [2, 3], whose axes are 0 to 1"
    return [
      refused(Reduction(.sum, axes: [2], keepsAxes: false), [x], noAxis),
      refused(
        Reduction(.sum, axes: [0, -2], keepsAxes: false), [x],
        "axes [0, -2] name an axis of [2, 3] twice"),
      refused(
        Reduction(.sum, axes: [], keepsAxes: false), [t],
        "takes numbers, got bool[2, 3]; cast it first"),
      refused(
        Reduction(.mean, axes: [], keepsAxes: false), [n],
        "takes floating-point numbers, got int32[2, 3]; cast it first"),
      refused(
        Reduction(.sum, axes: [0], keepsAxes: false), [Tensor(1)],
        "axis 0 does not exist in [], which has none"),
      refused(Reduction(.product, axes: [], keepsAxes: true), [], "takes 1 operand(s), got 0"),
      refused(Extreme(.argmax, axis: 2, keepsAxis: false), [x], noAxis),
      refused(
        Extreme(.argmin, axis: -3, keepsAxis: false), [x],
        "axis -3 does not exist in [2, 3], whose axes are 0 to 1"),
      refused(Extreme(.argmax, axis: 0, keepsAxis: false), [], "takes 1 operand(s), got 0"),
      refused(Extreme(.argmax, axis: 0, keepsAxis: false), [x, x], "takes 1 operand(s), got 2"),
      refused(CumulativeSum(axis: 2), [x], noAxis),
      refused(CumulativeSum(axis: 0), [t], "takes numbers, got bool[2, 3]; cast it first"),
      refused(CumulativeSum(axis: 0), [], "takes 1 operand(s), got 0"),
      refused(CumulativeSum(axis: 0), [x, x], "takes 1 operand(s), got 2"),
      refused(CumulativeProduct(axis: 2), [x], noAxis),
      refused(CumulativeProduct(axis: 0), [t], "takes numbers, got bool[2, 3]; cast it first"),
      refused(CumulativeProduct(axis: 0), [], "takes 1 operand(s), got 0"),
      refused(CumulativeProductGradient(axis: 2), [x, x], noAxis),
      refused(
        CumulativeProductGradient(axis: 0), [x, x.sum(axes: [0])],
        "the gradient and what was multiplied must have one type, got float32[2, 3] and float32[3]"),
      refused(
        CumulativeProductGradient(axis: 0), [n, n],
        "takes floating-point numbers, got int32[2, 3]; cast it first"),
      refused(ProductGradient(axes: [2]), [x, x], noAxis),
      refused(
        ProductGradient(axes: [0]), [x, x],
        "the product of [2, 3] along axes [0] is [1, 3], not [2, 3]"),
      refused(
        ProductGradient(axes: [0]), [x, n],
        "takes floating-point numbers, got int32[2, 3]; cast it first"),
      refused(ProductGradient(axes: [0]), [x], "takes 2 operand(s), got 1"),
      RefusalCase(
        "variance", "correction must lie between 0 and 1 for 2 element(s), got 2"
      ) { _ = try x.recordingVariance(axes: [0], correction: 2, keepsAxes: false) },
      RefusalCase(
        "variance", "correction must lie between 0 and 0 for 1 element(s), got 1"
      ) { _ = try x.recordingVariance(axes: [], correction: 1, keepsAxes: false) },
      RefusalCase(
        "variance", "takes floating-point numbers, got int32[2, 3]; cast it first"
      ) { _ = try n.recordingVariance(axes: nil, correction: 1, keepsAxes: false) },
      RefusalCase("norm", "power must be positive, got 0.0") {
        _ = try x.recordingNorm(power: 0, axes: nil, keepsAxes: false)
      },
      RefusalCase("norm", "power must be positive, got nan") {
        _ = try x.recordingNorm(power: .nan, axes: nil, keepsAxes: false)
      },
      RefusalCase("norm", "takes floating-point numbers, got int32[2, 3]; cast it first") {
        _ = try n.recordingNorm(power: 2, axes: nil, keepsAxes: false)
      },
      RefusalCase("sum", noAxis) {
        _ = try x.recordingNorm(power: 2, axes: [2], keepsAxes: false)
      },
    ]
  }()

  @Test func refuses() {
    #expect(Self.refusals.compactMap { $0.failure() } == [])
    #expect(Self.refusals.count == 31)
  }

  @Test func hostileIntegers() {
    let x = Tensor(repeating: 1, shape: [2, 3])
    let along: [(Int) -> any Operator] = [
      { Reduction(.sum, axes: [$0], keepsAxes: false) },
      { Extreme(.argmax, axis: $0, keepsAxis: true) },
      { CumulativeSum(axis: $0) }, { CumulativeProduct(axis: $0) },
    ]
    for make in along {
      let tries = HostileIntegers.tries(usual: [0]) { arguments in
        _ = try Tensor.recordingAll(make(arguments[0]), [x])
      }
      // Axes 0 and −1 exist.
      #expect(tries == (6, 4, []))
    }
    let corrections = HostileIntegers.tries(usual: [0, 0]) {
      _ = try x.recordingVariance(axes: [$0[0]], correction: $0[1], keepsAxes: false)
    }
    #expect(corrections == (12, 9, []))
  }
}
