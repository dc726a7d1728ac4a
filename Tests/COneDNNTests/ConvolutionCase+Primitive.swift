import COneDNN

extension ConvolutionCase {
  private var geometry: (strides: [Int64], dilations: [Int64], low: [Int64], high: [Int64]) {
    (
      stride.map(Int64.init), dilation.map(Int64.init), paddingLow.map(Int64.init),
      paddingHigh.map(Int64.init)
    )
  }

  func primitive(
    forward source: Descriptor, _ weights: Descriptor, _ result: Descriptor,
    bias: Descriptor? = nil, attributes: OpaquePointer? = nil,
    algorithm: odn_algorithm = ODN_ALGORITHM_DIRECT
  ) throws -> Primitive {
    let numbers = geometry
    return try Primitive {
      odn_convolution_forward(
        algorithm, 0, source.raw, weights.raw, bias?.raw, result.raw, Int64(groups),
        numbers.strides, numbers.dilations, numbers.low, numbers.high, attributes, &$0)
    }
  }

  func primitive(
    backwardData source: Descriptor, _ weights: Descriptor, _ result: Descriptor,
    algorithm: odn_algorithm = ODN_ALGORITHM_DIRECT
  ) throws -> Primitive {
    let numbers = geometry
    return try Primitive {
      odn_convolution_backward_data(
        algorithm, source.raw, weights.raw, result.raw, Int64(groups), numbers.strides,
        numbers.dilations, numbers.low, numbers.high, nil, &$0)
    }
  }

  func primitive(
    backwardWeights source: Descriptor, _ weights: Descriptor, _ result: Descriptor,
    bias: Descriptor? = nil, algorithm: odn_algorithm = ODN_ALGORITHM_DIRECT
  ) throws -> Primitive {
    let numbers = geometry
    return try Primitive {
      odn_convolution_backward_weights(
        algorithm, source.raw, weights.raw, bias?.raw, result.raw, Int64(groups),
        numbers.strides, numbers.dilations, numbers.low, numbers.high, nil, &$0)
    }
  }
}
