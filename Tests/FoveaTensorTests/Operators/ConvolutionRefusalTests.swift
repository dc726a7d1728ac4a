import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct ConvolutionRefusalTests {
  static func zeros(_ shape: Shape, _ type: ElementType = .float32) -> Tensor {
    Tensor(repeating: 0, shape: shape, as: type)
  }

  static func geometry(
    _ stride: Extents = [1, 1], _ dilation: Extents = [1, 1], _ low: Extents = [0, 0],
    _ high: Extents = [0, 0], groups: Int = 1
  ) -> ConvolutionGeometry {
    ConvolutionGeometry(stride: stride, dilation: dilation, low: low, high: high, groups: groups)
  }

  /// A convolution of `x` with `w` is refused with these words.
  static func refused(
    _ reason: String, _ x: Tensor = zeros([1, 4, 8, 8]), _ w: Tensor = zeros([6, 4, 3, 3]),
    _ geometry: ConvolutionGeometry = geometry()
  ) -> RefusalCase {
    RefusalCase("convolution", reason) {
      _ = try Tensor.recording(Convolution(geometry), [x, w])
    }
  }

  static let image =
    "takes an image [N, C, spatial…] and a filter [O, C/groups, spatial…] of 1 to 3 spatial axes, got "

  static let convolutions: [RefusalCase] = [
    RefusalCase("convolution", "takes 2 operand(s), got 1") {
      _ = try Tensor.recording(Convolution(geometry()), [zeros([1, 1, 2, 2])])
    },
    refused(
      "takes floating-point numbers, got int32[1, 4, 8, 8]; cast it first",
      zeros([1, 4, 8, 8], .int32)),
    refused(
      "takes floating-point numbers, got bool[6, 4, 3, 3]; cast it first", zeros([1, 4, 8, 8]),
      zeros([6, 4, 3, 3], .bool)),
    refused(
      "element types differ: float64[1, 4, 8, 8] and float32[6, 4, 3, 3]; cast one of them",
      zeros([1, 4, 8, 8], .float64)),
    refused(image + "[4, 8, 8] and [6, 4, 3, 3] for 2", zeros([4, 8, 8])),
    refused(
      image + "[1, 4, 8, 8] and [6, 4, 3] for 2", zeros([1, 4, 8, 8]), zeros([6, 4, 3])),
    refused(image + "[1, 4] and [6, 4] for 2", zeros([1, 4]), zeros([6, 4])),
    refused(
      image + "[1, 1, 2, 2, 2, 2] and [1, 1, 1, 1, 1, 1] for 4", zeros([1, 1, 2, 2, 2, 2]),
      zeros([1, 1, 1, 1, 1, 1]), geometry([1, 1, 1, 1])),
    refused(
      image + "[1, 4, 8, 8] and [6, 4, 3, 3] for 0", zeros([1, 4, 8, 8]), zeros([6, 4, 3, 3]),
      geometry(1)),
    refused(
      "stride, dilation and padding must name the same axes", zeros([1, 4, 8, 8]),
      zeros([6, 4, 3, 3]), geometry([1, 1], [1])),
    refused(
      "stride must lie between 1 and 2147483647, got 0 on axis 1", zeros([1, 4, 8, 8]),
      zeros([6, 4, 3, 3]), geometry([1, 0])),
    refused(
      "dilation must lie between 1 and 2147483647, got -1 on axis 0", zeros([1, 4, 8, 8]),
      zeros([6, 4, 3, 3]), geometry([1, 1], [-1, 1])),
    refused(
      "low padding must lie between 0 and 2147483647, got 2147483648 on axis 0",
      zeros([1, 4, 8, 8]), zeros([6, 4, 3, 3]), geometry([1, 1], [1, 1], [1 << 31, 0])),
    refused(
      "high padding must lie between 0 and 2147483647, got -9223372036854775808 on axis 1",
      zeros([1, 4, 8, 8]), zeros([6, 4, 3, 3]), geometry([1, 1], [1, 1], [0, 0], [0, .min])),
    refused(
      "groups must lie between 1 and 6, got 0", zeros([1, 4, 8, 8]), zeros([6, 4, 3, 3]),
      geometry(groups: 0)),
    refused(
      "groups must lie between 1 and 6, got 7", zeros([1, 4, 8, 8]), zeros([6, 4, 3, 3]),
      geometry(groups: 7)),
    refused(
      "filter [6, 4, 3, 3] has 6 output channels, which 4 groups do not divide",
      zeros([1, 4, 8, 8]), zeros([6, 4, 3, 3]), geometry(groups: 4)),
    refused(
      "image [1, 4, 8, 8] has 4 channels, filter [6, 3, 3, 3] with 1 group(s) expects 3",
      zeros([1, 4, 8, 8]), zeros([6, 3, 3, 3])),
    refused(
      "image [1, 4, 8, 8] has 4 channels, filter [6, 4, 3, 3] with 2 group(s) expects 8",
      zeros([1, 4, 8, 8]), zeros([6, 4, 3, 3]), geometry(groups: 2)),
    refused(
      "kernel 9 with dilation 1 spans 9 elements of spatial axis 0, the padded image has 8",
      zeros([1, 4, 8, 8]), zeros([6, 4, 9, 3])),
    refused(
      "kernel 3 with dilation 5 spans 11 elements of spatial axis 1, the padded image has 10",
      zeros([1, 4, 8, 8]), zeros([6, 4, 3, 3]), geometry([1, 1], [1, 5], [1, 1], [1, 1])),
    refused(
      "would give [1, 6, 4294967300, 6]: axis 2 exceeds the largest extent, 2147483647",
      zeros([1, 4, 8, 8]), zeros([6, 4, 3, 3]),
      geometry([1, 1], [1, 1], [1 << 31 - 1, 0], [1 << 31 - 1, 0])),
    RefusalCase("convolution", "stride [1, 1, 1] names 3 axes, the image has 2 spatial axes") {
      _ = try convolution(stride: [1, 1, 1])
    },
    RefusalCase("convolution", "dilation [1] names 1 axes, the image has 2 spatial axes") {
      _ = try convolution(dilation: [1])
    },
    RefusalCase("convolution", "padding [1, 2, 3] names 3 axes, the image has 2 spatial axes") {
      _ = try convolution(padding: [1, 2, 3])
    },
    RefusalCase("convolution", "high padding [1] names 1 axes, the image has 2 spatial axes") {
      _ = try convolution(padding: .sides(low: 1, high: [1]))
    },
  ]

  static let gradients: [RefusalCase] = [
    RefusalCase(
      "convolution image gradient",
      "an image [1, 4, 8, 8] under filter [6, 4, 3, 3] gives [1, 6, 6, 6], not [1, 6, 5, 6]"
    ) {
      _ = try Tensor.recording(
        ConvolutionImageGradient(geometry(), image: [1, 4, 8, 8]),
        [zeros([1, 6, 5, 6]), zeros([6, 4, 3, 3])])
    },
    RefusalCase(
      "convolution image gradient",
      "would give [1, 4, -8, 8]: axis 2 has -8 elements, at least 1 is needed"
    ) {
      _ = try Tensor.recording(
        ConvolutionImageGradient(geometry(), image: [1, 4, -8, 8]),
        [zeros([1, 6, 6, 6]), zeros([6, 4, 3, 3])])
    },
    RefusalCase(
      "convolution image gradient", image + "[1, 4, 8] and [6, 4, 3, 3] for 2"
    ) {
      _ = try Tensor.recording(
        ConvolutionImageGradient(geometry(), image: [1, 4, 8]),
        [zeros([1, 6, 6, 6]), zeros([6, 4, 3, 3])])
    },
    RefusalCase(
      "convolution image gradient",
      "element types differ: float32[1, 6, 6, 6] and float64[6, 4, 3, 3]; cast one of them"
    ) {
      _ = try Tensor.recording(
        ConvolutionImageGradient(geometry(), image: [1, 4, 8, 8]),
        [zeros([1, 6, 6, 6]), zeros([6, 4, 3, 3], .float64)])
    },
    RefusalCase(
      "convolution filter gradient",
      "an image [1, 4, 8, 8] under filter [6, 4, 3, 3] gives [1, 6, 6, 6], not [2, 6, 6, 6]"
    ) {
      _ = try Tensor.recording(
        ConvolutionFilterGradient(geometry(), filter: [6, 4, 3, 3]),
        [zeros([1, 4, 8, 8]), zeros([2, 6, 6, 6])])
    },
    RefusalCase(
      "convolution filter gradient",
      "would give [6, 4, 0, 3]: axis 2 has 0 elements, at least 1 is needed"
    ) {
      _ = try Tensor.recording(
        ConvolutionFilterGradient(geometry(), filter: [6, 4, 0, 3]),
        [zeros([1, 4, 8, 8]), zeros([1, 6, 6, 6])])
    },
    RefusalCase("convolution filter gradient", "takes 2 operand(s), got 3") {
      _ = try Tensor.recording(
        ConvolutionFilterGradient(geometry(), filter: [6, 4, 3, 3]),
        [zeros([1, 4, 8, 8]), zeros([1, 6, 6, 6]), zeros([1])])
    },
    RefusalCase(
      "convolution filter gradient",
      "takes floating-point numbers, got uint8[1, 4, 8, 8]; cast it first"
    ) {
      _ = try Tensor.recording(
        ConvolutionFilterGradient(geometry(), filter: [6, 4, 3, 3]),
        [zeros([1, 4, 8, 8], .uint8), zeros([1, 6, 6, 6])])
    },
  ]

  static let transposed: [RefusalCase] = [
    RefusalCase(
      "transposed convolution",
      "takes an image [N, C, spatial…] and a filter [C, O/groups, spatial…] of 1 to 3 spatial "
        + "axes, got [1, 4] and [4, 2]"
    ) { _ = try transposed(image: [1, 4], filter: [4, 2]) },
    RefusalCase(
      "transposed convolution", "image [1, 4, 5] has 4 channels, filter [3, 2, 3] takes 3"
    ) { _ = try transposed(filter: [3, 2, 3]) },
    RefusalCase(
      "transposed convolution", "image [1, 4, 5] has 4 channels, which 3 groups do not divide"
    ) { _ = try transposed(groups: 3) },
    RefusalCase(
      "transposed convolution",
      "output padding must be at least 0 and less than the stride or the dilation, got 2 for 2 "
        + "and 1 on axis 0"
    ) { _ = try transposed(stride: 2, outputPadding: 2) },
    RefusalCase(
      "transposed convolution",
      "would give [1, 2, -1]: axis 2 has -1 elements, at least 1 is needed"
    ) { _ = try transposed(padding: 4) },
    RefusalCase(
      "transposed convolution", "stride must lie between 1 and 2147483647, got -1 on axis 0"
    ) { _ = try transposed(stride: -1) },
  ]

  static func convolution(
    stride: Extents = 1, padding: Padding = .valid, dilation: Extents = 1, groups: Int = 1
  ) throws -> Tensor {
    let (x, w) = (zeros([1, 4, 8, 8]), zeros([6, 4, 3, 3]))
    let geometry = try ConvolutionGeometry(
      "convolution", image: x.shape, filter: w.shape, stride: stride, padding: padding,
      dilation: dilation, groups: groups)
    return try .recording(Convolution(geometry), [x, w])
  }

  static func transposed(
    image: Shape = [1, 4, 5], filter: Shape = [4, 2, 3], stride: Extents = 1,
    padding: Padding = .valid, outputPadding: Extents = 0, dilation: Extents = 1, groups: Int = 1
  ) throws -> Shape {
    try ConvolutionGeometry.transposed(
      image: image, filter: filter, stride: stride, padding: padding,
      outputPadding: outputPadding, dilation: dilation, groups: groups
    ).image
  }

  @Test(arguments: convolutions + gradients + transposed) func refuses(_ test: RefusalCase) {
    #expect(test.failure() == nil)
  }

  @Test func countsItsCases() {
    #expect(Self.convolutions.count == 26)
    #expect(Self.gradients.count == 8)
    #expect(Self.transposed.count == 6)
  }

  @Test func hostileAttributes() {
    let report = HostileIntegers.tries(usual: [1, 1, 1, 1, 1]) {
      _ = try Self.convolution(
        stride: [$0[0], 1], padding: .sides(low: [$0[1], 0], high: [$0[2], 0]),
        dilation: [$0[3], 1], groups: $0[4])
    }
    #expect(report.failures == [])
    #expect(report.count == 30)
    // A stride of 2³¹ − 1 and no padding are not wrong.
    #expect(report.refused == 27)
  }

  @Test(arguments: [(Padding.same, 10), (.full, 11)])
  func hostileAttributesWithPaddingFound(_ padding: Padding, _ refused: Int) {
    let report = HostileIntegers.tries(usual: [1, 1]) {
      _ = try Self.convolution(stride: [$0[0], 1], padding: padding, dilation: [$0[1], 1])
    }
    #expect(report.failures == [])
    #expect(report.count == 12)
    #expect(report.refused == refused)
  }

  @Test func hostileShapes() {
    let image = HostileIntegers.tries(usual: [1, 4, 8, 8]) {
      _ = try Tensor.recording(
        ConvolutionImageGradient(Self.geometry(), image: Shape($0)),
        [Self.zeros([1, 6, 6, 6]), Self.zeros([6, 4, 3, 3])])
    }
    #expect(image.failures == [])
    #expect(image.refused == 24)
    let filter = HostileIntegers.tries(usual: [6, 4, 3, 3]) {
      _ = try Tensor.recording(
        ConvolutionFilterGradient(Self.geometry(), filter: Shape($0)),
        [Self.zeros([1, 4, 8, 8]), Self.zeros([1, 6, 6, 6])])
    }
    #expect(filter.failures == [])
    #expect(filter.refused == 24)
  }

  @Test func hostileTransposed() {
    let report = HostileIntegers.tries(usual: [2, 1, 1, 1, 1, 1]) {
      _ = try Self.transposed(
        stride: [$0[0]], padding: .sides(low: [$0[1]], high: [$0[2]]), outputPadding: [$0[3]],
        dilation: [$0[4]], groups: $0[5])
    }
    #expect(report.failures == [])
    #expect(report.count == 36)
    // No padding is not wrong.
    #expect(report.refused == 33)
    for padding in [.same, .full] as [Padding] {
      let found = HostileIntegers.tries(usual: [2, 1]) {
        _ = try Self.transposed(stride: [$0[0]], padding: padding, dilation: [$0[1]])
      }
      #expect(found.failures == [])
      #expect(found.refused >= 10)
    }
  }
}
