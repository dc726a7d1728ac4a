import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct NormalizationRefusalTests {
  static func zeros(_ shape: Shape, _ type: ElementType = .float32) -> Tensor {
    Tensor(repeating: 0, shape: shape, as: type)
  }

  static func refused(
    _ operation: some Operator, _ reason: String, _ operands: Tensor...
  ) -> RefusalCase {
    RefusalCase(operation.name, reason) { _ = try Tensor.recordingAll(operation, operands) }
  }

  static let x = zeros([2, 4, 3])
  static let c = zeros([4])
  static let batch = BatchNormalization(epsilon: 1e-5)
  static let frozen = FrozenBatchNormalization(epsilon: 1e-5)
  static let layer = LayerNormalization(axes: 1, epsilon: 1e-5)
  static let group = GroupNormalization(groups: 2, epsilon: 1e-5)
  static let local = LocalResponseNormalization(size: 3, alpha: 1, beta: 1, k: 1)

  static let cases: [RefusalCase] = [
    refused(batch, "takes 3 operand(s), got 1", x),
    refused(
      batch, "takes floating-point numbers, got int32[2, 4, 3]; cast it first",
      zeros([2, 4, 3], .int32), c, c),
    refused(batch, "takes a batch [N, C, …], got [4]", c, c, c),
    refused(batch, "scale for [2, 4, 3] must have shape [4], got [3]", x, zeros([3]), c),
    refused(batch, "shift for [2, 4, 3] must have shape [4], got [4, 1]", x, c, zeros([4, 1])),
    refused(
      batch,
      "scale is float64[4], the operand float32[2, 4, 3]: both must hold the same kind of number, "
        + "or float32 beside numbers of 16 bits", x, zeros([4], .float64), zeros([4], .float64)),
    refused(
      batch, "shift is float16[4], scale is float32[4]: both must hold the same kind of number",
      zeros([2, 4, 3], .float16), c, zeros([4], .float16)),
    refused(
      BatchNormalization(epsilon: -1), "epsilon must be finite and not negative, got -1.0", x, c,
      c),
    refused(
      BatchNormalization(epsilon: .nan), "epsilon must be finite and not negative, got nan", x, c,
      c),
    refused(
      BatchNormalizationGradient(of: batch),
      "gradient float32[2, 4, 2] and operand float32[2, 4, 3] must have one type",
      zeros([2, 4, 2]), x, c, c, c),
    refused(
      BatchNormalizationGradient(of: batch), "mean for [2, 4, 3] must have shape [4], got [2, 4]",
      x, x, zeros([2, 4]), c, c),
    refused(
      BatchNormalizationGradient(of: batch),
      "variance for [2, 4, 3] must have shape [4], got []", x, x, c, zeros([]), c),
    refused(BatchNormalizationGradient(of: batch), "takes 5 operand(s), got 4", x, x, c, c),
    refused(frozen, "takes 5 operand(s), got 3", x, c, c),
    refused(
      frozen, "variance for [2, 4, 3] must have shape [4], got [1]", x, c, c, c, zeros([1])),
    refused(frozen, "takes a batch [N, C, …], got [4]", c, c, c, c, c),
    refused(
      FrozenBatchNormalization(epsilon: .infinity),
      "epsilon must be finite and not negative, got inf", x, c, c, c, c),
    refused(
      LayerNormalization(axes: 0, epsilon: 1e-5),
      "normalises over the last 1 to 3 axes of [2, 4, 3], not over 0", x, c, c),
    refused(
      LayerNormalization(axes: 4, epsilon: 1e-5),
      "normalises over the last 1 to 3 axes of [2, 4, 3], not over 4", x, c, c),
    refused(layer, "scale for [2, 4, 3] must have shape [3], got [4]", x, c, c),
    refused(
      LayerNormalization(axes: 2, epsilon: 1e-5),
      "shift for [2, 4, 3] must have shape [4, 3], got [3]", x, zeros([4, 3]), zeros([3])),
    refused(
      LayerNormalizationGradient(of: layer),
      "mean for [2, 4, 3] must have shape [2, 4], got [4]", x, x, c, c, zeros([3])),
    refused(
      GroupNormalization(groups: 3, epsilon: 1e-5),
      "[2, 4, 3] has 4 channels, which 3 groups do not divide", x, c, c),
    refused(
      GroupNormalization(groups: 0, epsilon: 1e-5),
      "[2, 4, 3] has 4 channels, which 0 groups do not divide", x, c, c),
    refused(group, "scale for [2, 4, 3] must have shape [4], got [2]", x, zeros([2]), zeros([2])),
    refused(group, "takes a batch [N, C, …], got [4]", c, c, c),
    refused(
      GroupNormalizationGradient(of: group),
      "variance for [2, 4, 3] must have shape [2, 2], got [4]", x, x, zeros([2, 2]), c, c),
    refused(
      LocalResponseNormalization(size: 0, alpha: 1, beta: 1, k: 1),
      "size must lie between 1 and 2147483647, got 0", x),
    refused(
      LocalResponseNormalization(size: 3, alpha: .nan, beta: 1, k: 1),
      "alpha must be finite, got nan", x),
    refused(
      local, "takes floating-point numbers, got bool[2, 4, 3]; cast it first",
      zeros([2, 4, 3], .bool)),
    refused(local, "takes a batch [N, C, …], got [4]", c),
    refused(
      LocalResponseNormalizationGradient(of: local),
      "gradient float32[4] and operand float32[2, 4, 3] must have one type", c, x),
  ]

  @Test(arguments: cases) func refuses(_ test: RefusalCase) {
    #expect(test.failure() == nil)
  }

  @Test func countsItsCases() { #expect(Self.cases.count == 32) }

  @Test func hostileAttributes() {
    let layer = HostileIntegers.tries(usual: [1]) {
      _ = try Tensor.recordingAll(
        LayerNormalization(axes: $0[0], epsilon: 1e-5), [Self.x, Self.zeros([3]), Self.zeros([3])])
    }
    #expect(layer.failures == [])
    #expect(layer.refused == 6)
    let group = HostileIntegers.tries(usual: [1]) {
      _ = try Tensor.recordingAll(
        GroupNormalization(groups: $0[0], epsilon: 1e-5), [Self.x, Self.c, Self.c])
    }
    #expect(group.failures == [])
    #expect(group.refused == 6)
    let local = HostileIntegers.tries(usual: [1]) {
      let operation = LocalResponseNormalization(size: $0[0], alpha: 1, beta: 1, k: 1)
      let y = try Tensor.recording(operation, [Self.x])
      _ = try pullback(of: [y], cotangents: [y], to: [Self.x])
      _ = try operation.decomposed([Self.x])
    }
    #expect(local.failures == [])
    // 2³¹ − 1 neighbours are all channels there are.
    #expect(local.refused == 5)
  }
}
