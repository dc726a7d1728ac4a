import COneDNN
import Testing

struct ProductTests {
  /// The right factor is stored transposed.
  @Test func batchedProductWithBiasAndRelu() throws {
    let left = Values.integers([3, 4, 5], seed: 1)
    let right = Values.integers([3, 5, 6], seed: 2)
    let bias = Values.integers([1, 1, 6], seed: 3)
    let attributes = try Attributes { try check(odn_attributes_add_eltwise($0, ODN_RELU, 0, 0)) }
    let descriptors = (
      try Descriptor.plain(left.shape), try Descriptor.plain(right.shape, strides: [30, 1, 5]),
      try Descriptor.plain(bias.shape), try Descriptor.plain([3, 4, 6])
    )
    let primitive = try Primitive {
      odn_matmul(
        descriptors.0.raw, descriptors.1.raw, descriptors.2.raw, descriptors.3.raw,
        attributes.raw, &$0)
    }
    let memories = try primitive.run(
      [ODN_ARG_SRC: left, ODN_ARG_WEIGHTS: right, ODN_ARG_BIAS: bias], outputs: [ODN_ARG_DST])
    var expected: [Double] = []
    for place in positions([3, 4, 6]) {
      var sum = Double(bias.data[place[2]])
      for k in 0..<5 {
        sum +=
          Double(left.data[flat([place[0], place[1], k], [3, 4, 5])])
          * Double(right.data[flat([place[0], k, place[2]], [3, 5, 6])])
      }
      expected.append(max(0, sum))
    }
    #expect(try memories[ODN_ARG_DST]?.values().error(against: expected) == 0)
  }

  @Test func scaledIntegerProduct() throws {
    let left = Values.integers([4, 8], seed: 1)
    let right = Values.integers([8, 3], seed: 2)
    let bias = Values.reals([1, 3], seed: 3)
    let attributes = try Attributes {
      try check(odn_attributes_set_scales($0, 3, [0.5, 0.25, 2], 1))
    }
    let descriptors = (
      try Descriptor.plain(left.shape, ODN_S8), try Descriptor.plain(right.shape, ODN_S8),
      try Descriptor.plain(bias.shape), try Descriptor.plain([4, 3])
    )
    let primitive = try Primitive {
      odn_matmul(
        descriptors.0.raw, descriptors.1.raw, descriptors.2.raw, descriptors.3.raw,
        attributes.raw, &$0)
    }
    let memories = try primitive.run(
      [ODN_ARG_SRC: left, ODN_ARG_WEIGHTS: right, ODN_ARG_BIAS: bias], outputs: [ODN_ARG_DST])
    let scales = [0.5, 0.25, 2.0]
    let expected = positions([4, 3]).map { place in
      (0..<8).reduce(0.0) { sum, k in
        sum + Double(left.data[place[0] * 8 + k]) * Double(right.data[k * 3 + place[1]])
      } * scales[place[1]] + Double(bias.data[place[1]])
    }
    let error = try #require(try memories[ODN_ARG_DST]?.values().error(against: expected))
    #expect(error < 1e-6)
  }

  /// A fully connected layer is a convolution whose kernel is the picture, which gives the loops.
  static let layer = ConvolutionCase(
    name: "inner product", batch: 3, channels: (32, 10), input: [3, 4], kernel: [3, 4])

  @Test func innerProductReadsABlockedSource() throws {
    let layer = Self.layer
    let source = Values.integers(layer.sourceShape, seed: 1)
    let weights = Values.integers(layer.weightShape, seed: 2)
    let bias = Values.integers([10], seed: 3)
    let descriptors = (
      try Descriptor.channelBlocked(layer.sourceShape, 16), try Descriptor.any(layer.weightShape),
      try Descriptor.plain([10]), try Descriptor.plain([3, 10])
    )
    let primitive = try Primitive {
      odn_inner_product_forward(
        1, descriptors.0.raw, descriptors.1.raw, descriptors.2.raw, descriptors.3.raw, nil, &$0)
    }
    #expect(try primitive.descriptor(ODN_ARG_SRC).text == "f32 3x32x3x4 aBcd16b")
    let memories = try primitive.run(
      [ODN_ARG_SRC: source, ODN_ARG_WEIGHTS: weights, ODN_ARG_BIAS: bias], outputs: [ODN_ARG_DST])
    let expected = layer.forward(source, weights).enumerated().map {
      $1 + Double(bias.data[$0 % 10])
    }
    #expect(try memories[ODN_ARG_DST]?.values().error(against: expected) == 0)
  }

  @Test func innerProductBackward() throws {
    let layer = Self.layer
    let source = Values.integers(layer.sourceShape, seed: 1)
    let weights = Values.integers(layer.weightShape, seed: 2)
    let difference = Values.integers([3, 10], seed: 4)
    let blocked = try Descriptor.channelBlocked(layer.sourceShape, 16)
    let chosen = try Descriptor.any(layer.weightShape)
    let bias = try Descriptor.plain([10])
    let result = try Descriptor.plain([3, 10])
    let data = try Primitive {
      odn_inner_product_backward_data(blocked.raw, chosen.raw, result.raw, nil, &$0)
    }
    let sources = try data.run(
      [ODN_ARG_WEIGHTS: weights, ODN_ARG_DIFF_DST: difference], outputs: [ODN_ARG_DIFF_SRC])
    let widened = Values(layer.resultShape, difference.data)
    #expect(
      try sources[ODN_ARG_DIFF_SRC]?.values().error(
        against: layer.backwardData(widened, weights)) == 0)

    let filter = try Primitive {
      odn_inner_product_backward_weights(
        blocked.raw, chosen.raw, bias.raw, result.raw, nil, &$0)
    }
    let filters = try filter.run(
      [ODN_ARG_SRC: source, ODN_ARG_DIFF_DST: difference],
      outputs: [ODN_ARG_DIFF_WEIGHTS, ODN_ARG_DIFF_BIAS])
    #expect(
      try filters[ODN_ARG_DIFF_WEIGHTS]?.values().error(
        against: layer.backwardWeights(source, widened)) == 0)
    let sums = (0..<10).map { out in
      (0..<3).reduce(0.0) { $0 + Double(difference.data[$1 * 10 + out]) }
    }
    #expect(try filters[ODN_ARG_DIFF_BIAS]?.values().error(against: sums) == 0)
  }
}
