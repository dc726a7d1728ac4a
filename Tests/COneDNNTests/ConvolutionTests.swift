import COneDNN
import Testing

/// The three passes of convolution against loops, in plain, channels-last and chosen layouts.
struct ConvolutionTests {
  enum Layout: CaseIterable {
    case plain
    case channelsLast
    case chosen

    func descriptor(_ shape: [Int64], _ type: odn_type = ODN_F32) throws -> Descriptor {
      switch self {
      case .plain: try .plain(shape, type)
      case .channelsLast: try .channelsLast(shape, type)
      case .chosen: try .any(shape, type)
      }
    }
  }

  static let cases = [
    ConvolutionCase(
      name: "3×3, 3 to 10 channels", batch: 2, channels: (3, 10), input: [9, 8], kernel: [3, 3],
      low: [1, 1]),
    ConvolutionCase(
      name: "stride 2, asymmetric padding", batch: 1, channels: (16, 32), input: [10, 11],
      kernel: [3, 3], strides: [2, 2], low: [0, 1], high: [1, 2]),
    ConvolutionCase(
      name: "dilated", batch: 1, channels: (8, 24), input: [12, 9], kernel: [3, 2],
      dilations: [2, 3], low: [2, 1], high: [2, 2]),
    ConvolutionCase(
      name: "1×1", batch: 2, channels: (20, 17), input: [5, 6], kernel: [1, 1]),
    ConvolutionCase(
      name: "grouped", batch: 2, channels: (12, 8), input: [6, 6], kernel: [3, 3], groups: 4,
      low: [1, 1]),
    ConvolutionCase(
      name: "grouped, whole blocks", batch: 1, channels: (32, 64), input: [5, 5],
      kernel: [3, 3], groups: 2, low: [1, 1]),
    ConvolutionCase(
      name: "depthwise", batch: 2, channels: (18, 18), input: [7, 7], kernel: [3, 3], groups: 18,
      strides: [2, 1], low: [1, 1]),
    ConvolutionCase(
      name: "1-D", batch: 2, channels: (5, 6), input: [20], kernel: [5], strides: [3], low: [2]),
    ConvolutionCase(
      name: "3-D", batch: 1, channels: (4, 16), input: [4, 5, 6], kernel: [2, 3, 3],
      low: [0, 1, 1]),
  ]

  @Test(arguments: cases, Layout.allCases)
  func forward(_ convolution: ConvolutionCase, _ layout: Layout) throws {
    let source = Values.integers(convolution.sourceShape, seed: 1)
    let weights = Values.integers(convolution.weightShape, seed: 2)
    let bias = Values.integers([convolution.weightShape[0]], seed: 3)
    let primitive = try convolution.primitive(
      forward: layout.descriptor(convolution.sourceShape), .any(convolution.weightShape),
      layout.descriptor(convolution.resultShape), bias: .plain(bias.shape))
    let memories = try primitive.run(
      [ODN_ARG_SRC: source, ODN_ARG_WEIGHTS: weights, ODN_ARG_BIAS: bias], outputs: [ODN_ARG_DST])
    let plane = convolution.output.reduce(1, *)
    let expected = convolution.forward(source, weights).enumerated().map { index, sum in
      sum + Double(bias.data[index / plane % convolution.channels.output])
    }
    #expect(try memories[ODN_ARG_DST]?.values().error(against: expected) == 0)
  }

  @Test(arguments: cases, Layout.allCases)
  func backwardData(_ convolution: ConvolutionCase, _ layout: Layout) throws {
    let difference = Values.integers(convolution.resultShape, seed: 4)
    let weights = Values.integers(convolution.weightShape, seed: 5)
    let primitive = try convolution.primitive(
      backwardData: layout.descriptor(convolution.sourceShape), .any(convolution.weightShape),
      layout.descriptor(convolution.resultShape))
    let memories = try primitive.run(
      [ODN_ARG_DIFF_DST: difference, ODN_ARG_WEIGHTS: weights], outputs: [ODN_ARG_DIFF_SRC])
    let expected = convolution.backwardData(difference, weights)
    #expect(try memories[ODN_ARG_DIFF_SRC]?.values().error(against: expected) == 0)
  }

  @Test(arguments: cases, Layout.allCases)
  func backwardWeights(_ convolution: ConvolutionCase, _ layout: Layout) throws {
    let difference = Values.integers(convolution.resultShape, seed: 6)
    let source = Values.integers(convolution.sourceShape, seed: 7)
    let primitive = try convolution.primitive(
      backwardWeights: layout.descriptor(convolution.sourceShape),
      .any(convolution.weightShape), layout.descriptor(convolution.resultShape),
      bias: .plain([convolution.weightShape[0]]))
    let memories = try primitive.run(
      [ODN_ARG_DIFF_DST: difference, ODN_ARG_SRC: source],
      outputs: [ODN_ARG_DIFF_WEIGHTS, ODN_ARG_DIFF_BIAS])
    let expected = convolution.backwardWeights(source, difference)
    let found = try memories[ODN_ARG_DIFF_WEIGHTS]?.values(shape: convolution.weightShape)
    #expect(found?.error(against: expected) == 0)
    let plane = convolution.output.reduce(1, *)
    var sums = [Double](repeating: 0, count: convolution.channels.output)
    for (index, value) in difference.doubles.enumerated() {
      sums[index / plane % sums.count] += value
    }
    #expect(try memories[ODN_ARG_DIFF_BIAS]?.values().error(against: sums) == 0)
  }

  @Test func plainGroupedWeightsAreTakenAsTheyAre() throws {
    let convolution = Self.cases[4]
    let source = Values.integers(convolution.sourceShape, seed: 1)
    let weights = Values.integers(convolution.weightShape, seed: 2)
    let primitive = try convolution.primitive(
      forward: .plain(convolution.sourceShape), .plain(convolution.weightShape),
      .plain(convolution.resultShape))
    #expect(try primitive.descriptor(ODN_ARG_WEIGHTS).dims == [4, 2, 3, 3, 3])
    let memories = try primitive.run(
      [ODN_ARG_SRC: source, ODN_ARG_WEIGHTS: weights], outputs: [ODN_ARG_DST])
    let expected = convolution.forward(source, weights)
    #expect(try memories[ODN_ARG_DST]?.values().error(against: expected) == 0)
  }

  @Test func paddingChannelsAreZeros() throws {
    let convolution = Self.cases[0]
    let source = Values.integers(convolution.sourceShape, seed: 1)
    let weights = Values.integers(convolution.weightShape, seed: 2)
    let primitive = try convolution.primitive(
      forward: .plain(convolution.sourceShape), .any(convolution.weightShape),
      .channelBlocked(convolution.resultShape, 16))
    let result = try #require(
      try primitive.run(
        [ODN_ARG_SRC: source, ODN_ARG_WEIGHTS: weights], outputs: [ODN_ARG_DST])[ODN_ARG_DST])
    #expect(result.descriptor.padded == [2, 16, 9, 8])
    #expect(odn_md_has_padding(result.descriptor.raw) == 1)
    let expected = convolution.forward(source, weights)
    #expect(try result.values().error(against: expected) == 0)
    for (index, value) in result.floats.enumerated() where index % 16 >= 10 {
      #expect(value == 0)
    }
  }
}
