import COneDNN
import Testing

/// Post-ops, scales, other types and Winograd.
struct ConvolutionFusionTests {
  let convolution = ConvolutionCase(
    name: "3×3", batch: 2, channels: (16, 32), input: [8, 8], kernel: [3, 3], low: [1, 1])

  @Test func sumThenRelu() throws {
    let attributes = try Attributes {
      try check(odn_attributes_add_sum($0, 2))
      try check(odn_attributes_add_eltwise($0, ODN_RELU, 0, 0))
    }
    let source = Values.integers(convolution.sourceShape, seed: 1)
    let weights = Values.integers(convolution.weightShape, seed: 2)
    let residual = Values.integers(convolution.resultShape, seed: 3)
    let primitive = try convolution.primitive(
      forward: .any(convolution.sourceShape), .any(convolution.weightShape),
      .any(convolution.resultShape), attributes: attributes.raw)
    let memories = try primitive.run(
      [ODN_ARG_SRC: source, ODN_ARG_WEIGHTS: weights, ODN_ARG_DST: residual], outputs: [])
    let expected = zip(convolution.forward(source, weights), residual.doubles).map {
      max(0, $0 + 2 * $1)
    }
    #expect(try memories[ODN_ARG_DST]?.values().error(against: expected) == 0)
  }

  /// Hard sigmoid is two post-ops in version 2 of the library, so the one after it moves.
  @Test func binaryOperandIsFoundBehindAHardSigmoid() throws {
    let operand = Values.integers([1, 32, 1, 1], seed: 9)
    let attributes = try Attributes {
      try check(odn_attributes_add_eltwise($0, ODN_HARDSIGMOID, 0.125, 0.5))
      let descriptor = try Descriptor.plain(operand.shape)
      try check(odn_attributes_add_binary($0, ODN_MULTIPLY, descriptor.raw))
    }
    let source = Values.integers(convolution.sourceShape, seed: 1)
    let weights = Values.integers(convolution.weightShape, seed: 2)
    let primitive = try convolution.primitive(
      forward: .any(convolution.sourceShape), .any(convolution.weightShape),
      .any(convolution.resultShape), attributes: attributes.raw)
    let memories = try primitive.run(
      [ODN_ARG_SRC: source, ODN_ARG_WEIGHTS: weights, ODN_ARG_POST_OP + 1: operand],
      outputs: [ODN_ARG_DST])
    let expected = convolution.forward(source, weights).enumerated().map { index, sum in
      min(1, max(0, sum / 8 + 0.5)) * Double(operand.data[index / 64 % 32])
    }
    #expect(try memories[ODN_ARG_DST]?.values().error(against: expected) == 0)
  }

  @Test(arguments: [Int64(1), 2])
  func depthwiseBehindPointwise(_ stride: Int64) throws {
    let pointwise = ConvolutionCase(
      name: "1×1", batch: 1, channels: (16, 32), input: [8, 8], kernel: [1, 1])
    let depthwise = ConvolutionCase(
      name: "depthwise", batch: 1, channels: (32, 32), input: [8, 8], kernel: [3, 3], groups: 32,
      strides: [Int(stride), Int(stride)], low: [1, 1])
    let attributes = try Attributes {
      try check(odn_attributes_add_eltwise($0, ODN_RELU, 0, 0))
      try check(odn_attributes_add_depthwise($0, ODN_F32, ODN_F32, ODN_F32, stride))
    }
    let source = Values.integers(pointwise.sourceShape, seed: 1)
    let weights = Values.integers(pointwise.weightShape, seed: 2)
    let taps = Values.integers(depthwise.weightShape, seed: 3)
    let bias = Values.integers([32], seed: 4)
    let primitive = try pointwise.primitive(
      forward: .any(pointwise.sourceShape), .any(pointwise.weightShape),
      .any(pointwise.resultShape), attributes: attributes.raw)
    #expect(try primitive.descriptor(ODN_ARG_DST).dims == depthwise.resultShape)
    let memories = try primitive.run(
      [
        ODN_ARG_SRC: source, ODN_ARG_WEIGHTS: weights, ODN_ARG_POST_OP + 1: taps,
        ODN_ARG_POST_OP_BIAS + 1: bias,
      ], outputs: [ODN_ARG_DST])
    let middle = pointwise.forward(source, weights).map { Float(max(0, $0)) }
    let sums = depthwise.forward(Values(depthwise.sourceShape, middle), taps)
    let plane = depthwise.output.reduce(1, *)
    let expected = sums.enumerated().map { $1 + Double(bias.data[$0 / plane % 32]) }
    #expect(try memories[ODN_ARG_DST]?.values().error(against: expected) == 0)
  }

  @Test func scalesLeaveTheBiasAlone() throws {
    let scales = (0..<32).map { Float($0 % 4 + 1) / 4 }
    let attributes = try Attributes {
      try check(odn_attributes_set_scales($0, 32, scales, 1))
      try check(odn_attributes_add_eltwise($0, ODN_RELU, 0, 0))
    }
    for sourceType in [ODN_U8, ODN_S8] {
      var source = Values.integers(convolution.sourceShape, seed: 1)
      if sourceType == ODN_U8 { source.data = source.data.map(abs) }
      let weights = Values.integers(convolution.weightShape, seed: 2)
      let bias = Values.reals([32], seed: 3)
      let primitive = try convolution.primitive(
        forward: .any(convolution.sourceShape, sourceType), .any(convolution.weightShape, ODN_S8),
        .any(convolution.resultShape, ODN_F32), bias: .plain([32]), attributes: attributes.raw)
      let memories = try primitive.run(
        [ODN_ARG_SRC: source, ODN_ARG_WEIGHTS: weights, ODN_ARG_BIAS: bias],
        outputs: [ODN_ARG_DST])
      let expected = convolution.forward(source, weights).enumerated().map { index, sum in
        let channel = index / 64 % 32
        return max(0, sum * Double(scales[channel]) + Double(bias.data[channel]))
      }
      let error = try #require(try memories[ODN_ARG_DST]?.values().error(against: expected))
      #expect(error < 1e-6)
    }
  }

  /// A bias of the primitive's own is added behind the scales, whatever the version does with it, and
  /// a residual may be of another kind than the result.
  @Test func ownBiasAndTypedSum() throws {
    let scales = (0..<32).map { Float([0.25, 0.5, 0.125][$0 % 3]) }
    let bias = Values.integers([32], seed: 4)
    let attributes = try Attributes {
      try check(odn_attributes_set_scales($0, 32, scales, 1))
      try check(odn_attributes_set_bias($0, 32, bias.data))
      try check(odn_attributes_add_sum_of($0, 0.5, ODN_S8))
      try check(odn_attributes_add_eltwise($0, ODN_RELU, 0, 0))
    }
    var source = Values.integers(convolution.sourceShape, seed: 1)
    source.data = source.data.map(abs)
    let weights = Values.integers(convolution.weightShape, seed: 2)
    // The same memory before and after: bytes below 0 are those above 127.
    var residual = Values.integers(convolution.resultShape, seed: 3)
    let added = residual.doubles
    residual.data = residual.data.map { $0 < 0 ? $0 + 256 : $0 }
    let primitive = try convolution.primitive(
      forward: .any(convolution.sourceShape, ODN_U8), .any(convolution.weightShape, ODN_S8),
      .any(convolution.resultShape, ODN_U8), attributes: attributes.raw)
    let memories = try primitive.run(
      [ODN_ARG_SRC: source, ODN_ARG_WEIGHTS: weights, ODN_ARG_DST: residual], outputs: [])
    let expected = convolution.forward(source, weights).enumerated().map { index, sum in
      let channel = index / 64 % 32
      let real = sum * Double(scales[channel]) + Double(bias.data[channel]) + 0.5 * added[index]
      return min(255, max(0, real.rounded(.toNearestOrEven)))
    }
    #expect(try memories[ODN_ARG_DST]?.values().error(against: expected) == 0)
  }

  @Test func ownBiasBesideAnotherIsRefused() throws {
    let attributes = try Attributes {
      try check(odn_attributes_set_bias($0, 32, [Float](repeating: 1, count: 32)))
    }
    #expect(throws: OneDNNError.self) {
      try convolution.primitive(
        forward: .any(convolution.sourceShape), .any(convolution.weightShape),
        .any(convolution.resultShape), bias: .plain([32]), attributes: attributes.raw)
    }
  }

  @Test func bfloat16() throws {
    let source = Values.integers(convolution.sourceShape, seed: 1)
    let weights = Values.integers(convolution.weightShape, seed: 2)
    let primitive: Primitive
    do {
      primitive = try convolution.primitive(
        forward: .any(convolution.sourceShape, ODN_BF16), .any(convolution.weightShape, ODN_BF16),
        .any(convolution.resultShape, ODN_F32))
    } catch let error as OneDNNError where error.status == ODN_UNSUPPORTED.rawValue {
      return  // The processor has no instructions for it.
    }
    let memories = try primitive.run(
      [ODN_ARG_SRC: source, ODN_ARG_WEIGHTS: weights], outputs: [ODN_ARG_DST])
    let expected = convolution.forward(source, weights)
    #expect(try memories[ODN_ARG_DST]?.values().error(against: expected) == 0)
  }

  @Test func winogradInAllPasses() throws {
    let wide = ConvolutionCase(
      name: "3×3", batch: 1, channels: (16, 32), input: [12, 12], kernel: [3, 3], low: [1, 1])
    let source = Values.reals(wide.sourceShape, seed: 1)
    let weights = Values.reals(wide.weightShape, seed: 2)
    let difference = Values.reals(wide.resultShape, seed: 3)
    let forward: Primitive
    do {
      forward = try wide.primitive(
        forward: .any(wide.sourceShape), .any(wide.weightShape), .any(wide.resultShape),
        algorithm: ODN_ALGORITHM_WINOGRAD)
    } catch let error as OneDNNError where error.status == ODN_UNSUPPORTED.rawValue {
      return  // Version 3 of the library has none for this processor.
    }
    #expect(forward.implementation.contains("wino"))
    let results = try forward.run(
      [ODN_ARG_SRC: source, ODN_ARG_WEIGHTS: weights], outputs: [ODN_ARG_DST])
    let forwardError = try #require(
      try results[ODN_ARG_DST]?.values().error(against: wide.forward(source, weights)))
    #expect(forwardError < 1e-4)

    let data = try wide.primitive(
      backwardData: .any(wide.sourceShape), .any(wide.weightShape), .any(wide.resultShape),
      algorithm: ODN_ALGORITHM_WINOGRAD)
    let sources = try data.run(
      [ODN_ARG_DIFF_DST: difference, ODN_ARG_WEIGHTS: weights], outputs: [ODN_ARG_DIFF_SRC])
    let dataError = try #require(
      try sources[ODN_ARG_DIFF_SRC]?.values().error(
        against: wide.backwardData(difference, weights)))
    #expect(dataError < 1e-4)

    let filter = try wide.primitive(
      backwardWeights: .any(wide.sourceShape), .any(wide.weightShape), .any(wide.resultShape),
      algorithm: ODN_ALGORITHM_WINOGRAD)
    let filters = try filter.run(
      [ODN_ARG_DIFF_DST: difference, ODN_ARG_SRC: source], outputs: [ODN_ARG_DIFF_WEIGHTS])
    let filterError = try #require(
      try filters[ODN_ARG_DIFF_WEIGHTS]?.values().error(
        against: wide.backwardWeights(source, difference)))
    #expect(filterError < 1e-4)
  }
}
