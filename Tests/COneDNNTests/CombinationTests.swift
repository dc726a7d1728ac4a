import COneDNN
import Testing

struct CombinationTests {
  /// The items of two batches of 2, concatenated along the channels.
  private func interleaved(_ first: Values, _ second: Values) -> [Double] {
    var result: [Double] = []
    for item in 0..<2 {
      for values in [first, second] {
        let count = values.data.count / 2
        result += values.doubles[item * count..<(item + 1) * count]
      }
    }
    return result
  }

  @Test func binaryRepeatsAxesOfOne() throws {
    let first = Values.integers([2, 3, 4], seed: 1)
    let second = Values.integers([1, 3, 1], seed: 2)
    let descriptors = (try Descriptor.plain(first.shape), try Descriptor.plain(second.shape))
    let meanings: [(odn_binary, (Double, Double) -> Double)] = [
      (ODN_ADD, { $0 + $1 }), (ODN_SUBTRACT, { $0 - $1 }), (ODN_MULTIPLY, { $0 * $1 }),
      (ODN_MAXIMUM, { max($0, $1) }), (ODN_MINIMUM, { min($0, $1) }),
      (ODN_GREATER, { $0 > $1 ? 1 : 0 }), (ODN_LESS_OR_EQUAL, { $0 <= $1 ? 1 : 0 }),
    ]
    for (kind, meaning) in meanings {
      let primitive = try Primitive {
        odn_binary_operation(
          kind, descriptors.0.raw, descriptors.1.raw, descriptors.0.raw, nil, &$0)
      }
      let results = try primitive.run(
        [ODN_ARG_SRC: first, ODN_ARG_SRC_1: second], outputs: [ODN_ARG_DST])
      let expected = first.doubles.enumerated().map {
        meaning($1, Double(second.data[$0 / 4 % 3]))
      }
      #expect(try results[ODN_ARG_DST]?.values().error(against: expected) == 0)
    }
  }

  @Test func sumOfThree() throws {
    let inputs = (0..<3).map { Values.integers([2, 20, 3], seed: UInt64($0)) }
    let blocked = try Descriptor.channelBlocked([2, 20, 3], 16)
    let sources: [OpaquePointer?] = [blocked.raw, blocked.raw, blocked.raw]
    for scales in [nil, [1, -2, 0.5] as [Float]?] {
      let primitive = try Primitive { odn_sum(3, scales, sources, blocked.raw, nil, &$0) }
      let arguments = Dictionary(
        uniqueKeysWithValues: inputs.enumerated().map { (ODN_ARG_SOURCES + $0, $1) })
      let results = try primitive.run(arguments, outputs: [ODN_ARG_DST])
      let factors = (scales ?? [1, 1, 1]).map(Double.init)
      let expected = inputs[0].data.indices.map { index in
        (0..<3).reduce(0.0) { $0 + factors[$1] * Double(inputs[$1].data[index]) }
      }
      #expect(try results[ODN_ARG_DST]?.values().error(against: expected) == 0)
    }
  }

  @Test func concatenation() throws {
    let first = Values.integers([2, 16, 3], seed: 1)
    let second = Values.integers([2, 5, 3], seed: 2)
    let descriptors = [first, second].map(\.shape)
    let sources = [
      try Descriptor.channelBlocked(descriptors[0], 16), try Descriptor.plain(descriptors[1]),
    ]
    let result = try Descriptor.plain([2, 21, 3])
    let raws: [OpaquePointer?] = sources.map { $0.raw }
    let primitive = try Primitive { odn_concat(1, 2, raws, result.raw, nil, &$0) }
    let results = try primitive.run(
      [ODN_ARG_SOURCES: first, ODN_ARG_SOURCES + 1: second], outputs: [ODN_ARG_DST])
    let expected = interleaved(first, second)
    #expect(try results[ODN_ARG_DST]?.values().error(against: expected) == 0)
  }

  /// A producer writes into its part of a larger tensor, so nothing is copied afterwards.
  @Test func viewsMakeConcatenationFree() throws {
    let first = Values.integers([2, 16, 3], seed: 1)
    let second = Values.integers([2, 16, 3], seed: 2)
    let whole = Memory(try Descriptor.channelBlocked([2, 32, 3], 16))
    for (start, values) in [(Int64(0), first), (16, second)] {
      let part = try Descriptor {
        odn_md_view(whole.descriptor.raw, values.shape, [0, start, 0], &$0)
      }
      let data = try Descriptor.plain(values.shape)
      let primitive = try Primitive { odn_reorder(data.raw, part.raw, nil, &$0) }
      let source = try Memory(values, as: data)
      try primitive.run([ODN_ARG_SRC: source, ODN_ARG_DST: whole], as: [ODN_ARG_DST: part])
    }
    let expected = interleaved(first, second)
    #expect(try whole.values().error(against: expected) == 0)
  }

  @Test func reorderWithScales() throws {
    let source = Values.integers([6, 2, 3, 3], seed: 1)
    let scales: [Float] = [1, 2, 3, 4, 5, 6]
    let attributes = try Attributes { try check(odn_attributes_set_scales($0, 6, scales, 0)) }
    let plain = try Descriptor.plain(source.shape)
    let expected = source.doubles.enumerated().map { $1 * Double(scales[$0 / 18]) }
    for target in [
      try Descriptor.plain(source.shape, ODN_S8), try Descriptor.plain([3, 2, 2, 3, 3], ODN_S8),
    ] {
      let primitive = try Primitive {
        odn_reorder(plain.raw, target.raw, attributes.raw, &$0)
      }
      let result = Memory(target)
      try primitive.run([
        ODN_ARG_SRC: try Memory(source, as: plain), ODN_ARG_DST: result,
      ])
      #expect(try result.values(shape: source.shape).error(against: expected) == 0)
    }
  }

  @Test func shuffleAndBack() throws {
    let source = Values.integers([1, 6, 2], seed: 1)
    let data = try Descriptor.plain(source.shape)
    let forward = try Primitive { odn_shuffle(0, data.raw, 1, 3, nil, &$0) }
    let shuffled = try #require(
      try forward.run([ODN_ARG_SRC: source], outputs: [ODN_ARG_DST])[ODN_ARG_DST]?.values())
    // Groups of 3 channels: 0 1 2 | 3 4 5 are read down the columns.
    let order = [0, 3, 1, 4, 2, 5]
    #expect(shuffled.data == order.flatMap { Array(source.data[$0 * 2..<$0 * 2 + 2]) })
    let backward = try Primitive { odn_shuffle(1, data.raw, 1, 3, nil, &$0) }
    let restored = try backward.run(
      [ODN_ARG_DIFF_DST: shuffled], outputs: [ODN_ARG_DIFF_SRC])
    #expect(try restored[ODN_ARG_DIFF_SRC]?.values().data == source.data)
  }

  @Test func nearestResampling() throws {
    let source = Values.integers([1, 2, 2, 3], seed: 1)
    let small = try Descriptor.plain(source.shape)
    let large = try Descriptor.plain([1, 2, 4, 6])
    let forward = try Primitive {
      odn_resampling_forward(0, 1, small.raw, large.raw, nil, &$0)
    }
    let results = try forward.run([ODN_ARG_SRC: source], outputs: [ODN_ARG_DST])
    let expected = positions([2, 4, 6]).map {
      Double(source.data[flat([$0[0], $0[1] / 2, $0[2] / 2], [2, 2, 3])])
    }
    #expect(try results[ODN_ARG_DST]?.values().error(against: expected) == 0)
    let backward = try Primitive {
      odn_resampling_backward(0, small.raw, large.raw, nil, &$0)
    }
    let difference = Values.integers([1, 2, 4, 6], seed: 2)
    let gradients = try backward.run(
      [ODN_ARG_DIFF_DST: difference], outputs: [ODN_ARG_DIFF_SRC])
    var sums = [Double](repeating: 0, count: 12)
    for (place, value) in zip(positions([2, 4, 6]), difference.doubles) {
      sums[flat([place[0], place[1] / 2, place[2] / 2], [2, 2, 3])] += value
    }
    #expect(try gradients[ODN_ARG_DIFF_SRC]?.values().error(against: sums) == 0)
  }

  @Test func linearResamplingKeepsPixelCentres() throws {
    let source = Values([1, 1, 1, 2], [0, 4])
    let small = try Descriptor.plain(source.shape)
    let large = try Descriptor.plain([1, 1, 1, 4])
    let primitive = try Primitive {
      odn_resampling_forward(1, 0, small.raw, large.raw, nil, &$0)
    }
    let results = try primitive.run([ODN_ARG_SRC: source], outputs: [ODN_ARG_DST])
    #expect(try results[ODN_ARG_DST]?.values().data == [0, 1, 3, 4])
  }

  @Test func reduction() throws {
    let source = Values.integers([2, 3, 4], seed: 1)
    let from = try Descriptor.plain(source.shape)
    let to = try Descriptor.plain([2, 1, 4])
    let meanings: [(odn_reduction, ([Double]) -> Double)] = [
      (ODN_REDUCE_SUM, { $0.reduce(0, +) }), (ODN_REDUCE_MAX, { $0.max() ?? 0 }),
      (ODN_REDUCE_MIN, { $0.min() ?? 0 }), (ODN_REDUCE_MULTIPLY, { $0.reduce(1, *) }),
    ]
    for (kind, meaning) in meanings {
      let primitive = try Primitive { odn_reduce(kind, from.raw, to.raw, nil, &$0) }
      let results = try primitive.run([ODN_ARG_SRC: source], outputs: [ODN_ARG_DST])
      let expected = positions([2, 4]).map { place in
        meaning((0..<3).map { Double(source.data[flat([place[0], $0, place[1]], [2, 3, 4])]) })
      }
      #expect(try results[ODN_ARG_DST]?.values().error(against: expected) == 0)
    }
  }
}
