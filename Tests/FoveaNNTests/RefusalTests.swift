import FoveaTensor
import FoveaTestSupport
import Testing

@testable import FoveaNN

/// What layers refuse to be made with, before there is an image.
@Suite struct RefusalTests {
  static func window(
    _ inputs: Int = 4, _ outputs: Int = 6, kernel: Extents = 3, stride: Extents = 1,
    padding: Padding = .valid, dilation: Extents = 1, groups: Int = 1
  ) throws {
    _ = try Window<TwoAxes>(
      layer: "Conv2D", kernel: kernel, stride: stride, padding: padding, dilation: dilation,
      groups: groups
    ).filter(inputs: inputs, outputs: outputs)
  }

  static let range = "must lie between 1 and 2147483647, got"

  static let cases: [RefusalCase] = [
    RefusalCase("Conv2D", "the number of input channels \(range) 0") { try window(0) },
    RefusalCase("Conv2D", "the number of output channels \(range) -3") { try window(4, -3) },
    RefusalCase("Conv2D", "kernel \(range) 0") { try window(kernel: [3, 0]) },
    RefusalCase("Conv2D", "stride \(range) 0") { try window(stride: 0) },
    RefusalCase("Conv2D", "dilation \(range) -1") { try window(dilation: -1) },
    RefusalCase("Conv2D", "padding must lie between 0 and 2147483647, got -1") {
      try window(padding: -1)
    },
    RefusalCase("Conv2D", "low padding must lie between 0 and 2147483647, got -2") {
      try window(padding: .sides(low: -2, high: 0))
    },
    RefusalCase("Conv2D", "kernel [3] names 1 axes, there are 2") { try window(kernel: [3]) },
    RefusalCase("Conv2D", "stride [1, 1, 1] names 3 axes, there are 2") {
      try window(stride: [1, 1, 1])
    },
    RefusalCase("Conv2D", "groups \(range) 0") { try window(groups: 0) },
    RefusalCase("Conv2D", "3 groups do not divide 4 input channels") { try window(groups: 3) },
    RefusalCase("Conv2D", "4 groups do not divide 6 output channels") { try window(groups: 4) },
    RefusalCase("Linear", "the number of inputs \(range) 0") {
      try Linear.check(in: 0, out: 1)
    },
    RefusalCase("Linear", "the number of outputs \(range) -1") {
      try Linear.check(in: 1, out: -1)
    },
    RefusalCase("BatchNorm", "the number of channels \(range) 0") {
      try BatchNorm.check("BatchNorm", 0, 1e-5, 0.1)
    },
    RefusalCase("BatchNorm", "epsilon must be positive and finite, got 0.0") {
      try BatchNorm.check("BatchNorm", 1, 0, 0.1)
    },
    RefusalCase("BatchNorm", "momentum must lie between 0.0 and 1.0, got 1.5") {
      try BatchNorm.check("BatchNorm", 1, 1e-5, 1.5)
    },
    RefusalCase("LayerNorm", "takes the extents of the axes it normalises, got none") {
      try LayerNorm.check([], 1e-5)
    },
    RefusalCase("LayerNorm", "an extent \(range) 0") { try LayerNorm.check([3, 0], 1e-5) },
    RefusalCase("GroupNorm", "3 groups do not divide 4 channels") {
      try GroupNorm.check(3, 4, 1e-5)
    },
    RefusalCase("GroupNorm", "epsilon must be positive and finite, got nan") {
      try GroupNorm.check(2, 4, .nan)
    },
    RefusalCase("MaxPool", "kernel \(range) 0") { try PoolCheck("MaxPool").expect(0, 1, 0) },
    RefusalCase("MaxPool", "stride [1, 2, 3] names 3 axes, there are 2") {
      try PoolCheck("MaxPool").expect([2, 2], [1, 2, 3], 0)
    },
    RefusalCase("Dropout", "the probability must lie between 0.0 and 1.0, got 1.5") {
      try LayerCheck("Dropout").expect(1.5, in: 0...1, "the probability")
    },
  ]

  @Test(arguments: cases) func refusesInTheseWords(_ test: RefusalCase) {
    #expect(test.failure() == nil)
  }

  @Test func theTableIsWhole() { #expect(Self.cases.count == 24) }

  /// 2³¹ − 1 is a size a convolution may ask for; all others are refused, wherever they stand.
  @Test func hostileIntegersAreRefused() {
    let window = HostileIntegers.tries(usual: [4, 6, 3, 1, 0, 1, 1]) { n in
      try Self.window(
        n[0], n[1], kernel: Extents(n[2]), stride: Extents(n[3]),
        padding: .symmetric(Extents(n[4])), dilation: Extents(n[5]), groups: n[6])
    }
    #expect(window.failures == [])
    #expect(window.count == 42)
    // Padding may be 0, and channels, kernel, stride, padding and dilation 2³¹ − 1.
    #expect(window.refused == 42 - 1 - 6)
    let norms = HostileIntegers.tries(usual: [2, 4]) { try GroupNorm.check($0[0], $0[1], 1e-5) }
    #expect(norms.failures == [])
    #expect(norms.refused == 12)
    let linear = HostileIntegers.tries(usual: [2, 4]) { try Linear.check(in: $0[0], out: $0[1]) }
    #expect(linear.failures == [])
    #expect(linear.refused == 10)
    let pools = HostileIntegers.tries(usual: [2, 2, 0, 1]) {
      try PoolCheck("MaxPool").expect(
        Extents($0[0]), Extents($0[1]), .symmetric(Extents($0[2])), Extents($0[3]))
    }
    #expect(pools.failures == [])
    #expect(pools.refused == 24 - 1 - 4)
  }

  /// The largest filters exist as a description; the largest numbers do not make a tensor.
  @Test func hostileWeightsAreRefusedBeforeTheyAreAllocated() {
    #expect(throws: ShapeError.self) {
      _ = try InitialValue(.fanInUniform, TensorType([1 << 31 - 1, 1 << 31 - 1, 3, 3]))
    }
  }

  static let images: [(Shape, String)] = [
    ([1, 3, 8], "takes an image [N, C, spatial…]"),
    ([1, 3, 8, 8, 8], "takes an image [N, C, spatial…]"),
    ([8], "takes an image [N, C, spatial…]"),
    ([1, 3, 2, 2], "kernel 3 with dilation 1 spans 3 elements"),
  ]

  @Test(arguments: images)
  func refusesImagesThatDoNotFit(_ shape: Shape, _ words: String) {
    let weight = Conv2D(in: 3, out: 4, kernel: 3).weight.tensor
    let x = Tensor(repeating: 0, shape: shape)
    let error = #expect(throws: ShapeError.self) {
      _ = try ConvolutionGeometry(
        "convolution", image: x.shape, filter: weight.shape, stride: 1, padding: .valid,
        dilation: 1, groups: 1
      ).outputShape("convolution", image: x.shape, filter: weight.shape)
    }
    #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
  }

  @Test func refusesAtTheLineThatMakesTheLayer() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Conv2D(in: 4, out: 6, kernel: 3, groups: 3, file: "User/main.swift", line: 12) }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      text.contains(
        "main.swift:12: Fatal error: Conv2D: 3 groups do not divide 4 input channels"))
  }
}
