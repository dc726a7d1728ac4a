import COneDNN
import Testing

struct DescriptorTests {
  @Test func plain() throws {
    let descriptor = try Descriptor.plain([2, 3, 4, 5])
    #expect(descriptor.text == "f32 2x3x4x5 abcd")
    #expect(descriptor.size == 480)
    #expect(descriptor.strides == [60, 20, 5, 1])
    #expect(odn_md_layout(descriptor.raw) == ODN_LAYOUT_PLAIN)
    #expect(odn_md_is_dense(descriptor.raw) == 1)
  }

  @Test func channelsLast() throws {
    let descriptor = try Descriptor.channelsLast([2, 3, 4, 5], ODN_BF16)
    #expect(descriptor.text == "bf16 2x3x4x5 acdb")
    #expect(descriptor.strides == [60, 1, 15, 3])
    #expect(try Descriptor.channelsLast([4, 7]).text == "f32 4x7 ab")
    #expect(try Descriptor.channelsLast([2, 1, 3, 3]).order == [0, 2, 3, 1])
  }

  @Test func channelBlocked() throws {
    let descriptor = try Descriptor.channelBlocked([2, 10, 4, 5], 16)
    #expect(descriptor.text == "f32 2x10x4x5 aBcd16b")
    #expect(descriptor.padded == [2, 16, 4, 5])
    #expect(descriptor.size == 2 * 16 * 20 * 4)
    #expect(descriptor.blocks.sizes == [16])
    #expect(descriptor.blocks.axes == [1])
    #expect(odn_md_has_padding(descriptor.raw) == 1)
    #expect(odn_md_is_dense(descriptor.raw) == 0)
    #expect(try odn_md_is_dense(Descriptor.channelBlocked([2, 32, 4, 5], 8).raw) == 1)
  }

  @Test func stridesWithHoles() throws {
    let descriptor = try Descriptor.plain([2, 3], strides: [8, 2])
    #expect(odn_md_is_dense(descriptor.raw) == 0)
    #expect(try odn_md_is_dense(Descriptor.plain([2, 3], strides: [1, 2]).raw) == 1)
  }

  /// What a primitive chose can be written down and made again.
  @Test func blockedLayoutsAreRebuiltFromTheirDescription() throws {
    for (shape, groups) in [([64, 32, 3, 3], 1), ([32, 1, 3, 3], 32), ([64, 16, 3, 3], 2)] {
      let convolution = ConvolutionCase(
        name: "3×3", batch: 1, channels: (shape[1] * groups, shape[0]), input: [8, 8],
        kernel: [3, 3], groups: groups, low: [1, 1])
      let primitive = try convolution.primitive(
        forward: .any(convolution.sourceShape), .any(convolution.weightShape),
        .any(convolution.resultShape))
      for arg in [ODN_ARG_SRC, ODN_ARG_WEIGHTS, ODN_ARG_DST] {
        let chosen = try primitive.descriptor(arg)
        let (sizes, axes) = chosen.blocks
        let rebuilt = try Descriptor {
          odn_md_create_blocked(
            chosen.type, Int32(chosen.rank), chosen.dims, chosen.order, Int32(sizes.count),
            sizes, axes, &$0)
        }
        #expect(odn_md_equal(rebuilt.raw, chosen.raw) == 1)
        #expect(odn_md_hash(rebuilt.raw) == odn_md_hash(chosen.raw))
        #expect(rebuilt.text == chosen.text)
      }
    }
  }

  @Test func equality() throws {
    let plain = try Descriptor.plain([2, 16, 4, 5])
    let blocked = try Descriptor.channelBlocked([2, 16, 4, 5], 16)
    let copy = try Descriptor { odn_md_clone(plain.raw, &$0) }
    #expect(odn_md_equal(plain.raw, copy.raw) == 1)
    #expect(odn_md_hash(plain.raw) == odn_md_hash(copy.raw))
    #expect(odn_md_equal(plain.raw, blocked.raw) == 0)
    #expect(odn_md_hash(plain.raw) != odn_md_hash(blocked.raw))
  }

  @Test func anyHasNoSize() throws {
    let descriptor = try Descriptor.any([1, 3, 1])
    #expect(descriptor.size == 0)
    #expect(descriptor.text == "f32 1x3x1 any")
    #expect(descriptor.order == [0, 1, 2])
    #expect(odn_md_layout(descriptor.raw) == ODN_LAYOUT_ANY)
  }

  @Test func reshapeAndPermute() throws {
    let descriptor = try Descriptor.plain([6, 4])
    let split = try Descriptor { odn_md_reshape(descriptor.raw, 3, [2, 3, 4], &$0) }
    #expect(split.strides == [12, 4, 1])
    let swapped = try Descriptor { odn_md_permute(descriptor.raw, [1, 0], &$0) }
    #expect(swapped.dims == [4, 6])
    #expect(swapped.strides == [1, 4])
  }

  @Test func view() throws {
    let whole = try Descriptor.channelBlocked([2, 32, 4, 4], 16)
    let half = try Descriptor { odn_md_view(whole.raw, [2, 16, 4, 4], [0, 16, 0, 0], &$0) }
    #expect(odn_md_offset(half.raw) == 16 * 16)
    #expect(throws: OneDNNError.self) {
      try Descriptor { odn_md_view(whole.raw, [2, 16, 4, 4], [0, 8, 0, 0], &$0) }
    }
  }

  @Test(arguments: [[-1, 2], [1 << 40, 1 << 40], [], [Int64](repeating: 1, count: 13)])
  func impossibleShapesAreRefused(_ dims: [Int64]) {
    #expect(throws: OneDNNError.self) { try Descriptor.plain(dims) }
    #expect(throws: OneDNNError.self) { try Descriptor.any(dims) }
    #expect(throws: OneDNNError.self) { try Descriptor.channelsLast(dims) }
    #expect(throws: OneDNNError.self) { try Descriptor.channelBlocked(dims, 16) }
  }

  @Test func refusalsSayWhy() {
    let error = #expect(throws: OneDNNError.self) { try Descriptor.plain([3, -4]) }
    #expect(error?.description == "memory descriptor: axis 1 has size -4")
    let unknown = #expect(throws: OneDNNError.self) {
      try Descriptor.plain([3], odn_type(rawValue: 77))
    }
    #expect(unknown?.description == "memory descriptor: unknown element type 77")
    #expect(throws: OneDNNError.self) { try Descriptor.channelBlocked([1, 64, 2, 2], 7) }
  }

  @Test(arguments: [ODN_F32, ODN_BF16, ODN_S32, ODN_S8])
  func reorderRoundTrip(_ type: odn_type) throws {
    let values = Values.integers([2, 10, 3, 4], seed: 1)
    for descriptor in [
      try Descriptor.channelBlocked(values.shape, 16, type),
      try Descriptor.channelBlocked(values.shape, 8, type),
      try Descriptor.channelsLast(values.shape, type),
    ] {
      #expect(try Memory(values, as: descriptor).values().data == values.data)
    }
  }
}
