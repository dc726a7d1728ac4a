import COneDNN
import Testing

/// Everything that cannot be done is refused in words.
struct FailureTests {
  let data = try? Descriptor.plain([1, 4, 8, 8])

  @Test func noImplementation() throws {
    let convolution = ConvolutionCase(
      name: "5×5", batch: 1, channels: (4, 4), input: [8, 8], kernel: [5, 5])
    let error = #expect(throws: OneDNNError.self) {
      try convolution.primitive(
        forward: .any(convolution.sourceShape), .any(convolution.weightShape),
        .any(convolution.resultShape), algorithm: ODN_ALGORITHM_WINOGRAD)
    }
    #expect(error?.status == ODN_UNSUPPORTED.rawValue)
    #expect(
      error?.description == """
        convolution forward (src f32 1x4x8x8 any, weights f32 4x4x5x5 any, \
        dst f32 1x4x4x4 any): oneDNN has no implementation for it
        """)
  }

  @Test func shapesThatDoNotFit() throws {
    let convolution = ConvolutionCase(
      name: "3×3", batch: 1, channels: (4, 4), input: [8, 8], kernel: [3, 3])
    let error = #expect(throws: OneDNNError.self) {
      try convolution.primitive(
        forward: .any(convolution.sourceShape), .any(convolution.weightShape),
        .any([1, 4, 8, 8]))
    }
    #expect(error?.status == ODN_INVALID.rawValue)
    #expect(error?.description.hasSuffix("the arguments do not fit together") == true)
  }

  @Test func channelsThatDoNotDivide() throws {
    let convolution = ConvolutionCase(
      name: "3×3", batch: 1, channels: (6, 4), input: [8, 8], kernel: [3, 3], groups: 3)
    let error = #expect(throws: OneDNNError.self) {
      try convolution.primitive(
        forward: .any(convolution.sourceShape), .any([4, 2, 3, 3]),
        .any(convolution.resultShape))
    }
    #expect(
      error?.description == "weights: 4 output channels do not divide into 3 groups")
  }

  @Test func missingOperands() throws {
    let data = try #require(data)
    let error = #expect(throws: OneDNNError.self) {
      try Primitive {
        odn_convolution_forward(
          ODN_ALGORITHM_DIRECT, 0, data.raw, nil, nil, data.raw, 1, nil, nil, nil, nil, nil, &$0)
      }
    }
    #expect(error?.description == "convolution forward: weights is missing")
    #expect(throws: OneDNNError.self) {
      try Primitive {
        odn_pooling_backward(
          nil, ODN_POOLING_MAX, data.raw, data.raw, nil, nil, nil, nil, nil, nil, &$0)
      }
    }
    #expect(throws: OneDNNError.self) {
      try Primitive { odn_concat(0, 0, nil, data.raw, nil, &$0) }
    }
  }

  @Test func impossibleWindow() throws {
    let data = try #require(data)
    let error = #expect(throws: OneDNNError.self) {
      try Primitive {
        odn_pooling_forward(
          ODN_POOLING_MAX, 0, data.raw, data.raw, [2, 2], [0, 1], nil, nil, nil, nil, &$0)
      }
    }
    #expect(
      error?.description == "window: kernel 2, stride 0, dilation 1 along spatial axis 0")
  }

  @Test func implementationsRunOut() throws {
    let convolution = ConvolutionCase(
      name: "3×3", batch: 1, channels: (16, 16), input: [8, 8], kernel: [3, 3])
    var names: [String] = []
    for index in 0..<50 {
      let attributes = try Attributes {
        try check(odn_attributes_set_implementation($0, Int32(index)))
      }
      do {
        names.append(
          try convolution.primitive(
            forward: .any(convolution.sourceShape), .any(convolution.weightShape),
            .any(convolution.resultShape), attributes: attributes.raw
          ).implementation)
      } catch let error as OneDNNError where error.status == ODN_UNSUPPORTED.rawValue {
        break
      }
    }
    #expect((2..<50).contains(names.count))
    #expect(Set(names).count == names.count)
  }

  @Test func calls() throws {
    let data = try #require(data)
    let primitive = try Primitive {
      odn_eltwise_forward(ODN_RELU, 0, data.raw, 0, 0, nil, &$0)
    }
    let stream = try made { odn_stream_create(&$0) }
    defer { odn_stream_destroy(stream) }
    let unknown = #expect(throws: OneDNNError.self) {
      try made { odn_call_create(primitive.raw, 1, [ODN_ARG_WEIGHTS.number], nil, &$0) }
    }
    #expect(unknown?.description == "element-wise forward: has no argument 33")
    let call = try made {
      odn_call_create(primitive.raw, 2, [ODN_ARG_SRC.number, ODN_ARG_DST.number], nil, &$0)
    }
    defer { odn_call_destroy(call) }
    let memory = Memory(data)
    try check(odn_call_bind(call, 0, memory.pointer))
    let unbound = #expect(throws: OneDNNError.self) { try check(odn_call_run(call, stream)) }
    #expect(unbound?.description == "element-wise forward: 1 of 2 slots are not bound")
    let slot = #expect(throws: OneDNNError.self) {
      try check(odn_call_bind(call, 2, memory.pointer))
    }
    #expect(slot?.description == "element-wise forward: slot 2 of 2")
  }

  /// A call outlives the primitive it was made from.
  @Test func callsKeepThePrimitiveAlive() throws {
    let data = try #require(data)
    let values = Values.integers(data.dims, seed: 1)
    let memory = try Memory(values, as: data)
    let primitive = try made { odn_eltwise_forward(ODN_RELU, 0, data.raw, 0, 0, nil, &$0) }
    let call = try made {
      odn_call_create(primitive, 2, [ODN_ARG_SRC.number, ODN_ARG_DST.number], nil, &$0)
    }
    defer { odn_call_destroy(call) }
    odn_primitive_destroy(primitive)
    let stream = try made { odn_stream_create(&$0) }
    defer { odn_stream_destroy(stream) }
    try check(odn_call_bind(call, 0, memory.pointer))
    try check(odn_call_bind(call, 1, memory.pointer))
    try check(odn_call_run(call, stream))
    #expect(try memory.values().data == values.data.map { max(0, $0) })
  }

  /// Binding moves no bytes, not even into the padding of a blocked layout.
  @Test func bindingLeavesMemoryAlone() throws {
    let padded = try Descriptor.channelBlocked([1, 10, 2, 2], 16)
    let primitive = try Primitive {
      odn_eltwise_forward(ODN_RELU, 0, padded.raw, 0, 0, nil, &$0)
    }
    let call = try made {
      odn_call_create(primitive.raw, 1, [ODN_ARG_DST.number], nil, &$0)
    }
    defer { odn_call_destroy(call) }
    let memory = Memory(padded)
    try check(odn_call_bind(call, 0, memory.pointer))
    let bytes = UnsafeRawBufferPointer(start: memory.pointer, count: padded.size)
    #expect(bytes.allSatisfy { $0 == 0xFF })
  }

  @Test func versionAndCache() throws {
    #expect(odn_version() >= 20600)
    try check(odn_set_primitive_cache_capacity(1024))
    #expect(throws: OneDNNError.self) { try check(odn_set_primitive_cache_capacity(-1)) }
  }
}
