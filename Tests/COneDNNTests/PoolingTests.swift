import COneDNN
import Testing

struct PoolingTests {
  static let geometry = ConvolutionCase(
    name: "3×2 windows", batch: 2, channels: (20, 20), input: [7, 6], kernel: [3, 2], groups: 20,
    strides: [2, 2], low: [1, 0], high: [1, 0])

  private func forward(
    _ kind: odn_pooling, _ layout: ConvolutionTests.Layout
  ) throws -> Primitive {
    let geometry = Self.geometry
    let source =
      layout == .chosen
      ? try Descriptor.channelBlocked(geometry.sourceShape, 16)
      : try layout.descriptor(geometry.sourceShape)
    let result = try Descriptor.any(geometry.resultShape)
    return try Primitive {
      odn_pooling_forward(
        kind, 1, source.raw, result.raw, [3, 2], [2, 2], nil, [1, 0], [1, 0], nil, &$0)
    }
  }

  private func backward(_ kind: odn_pooling, _ forward: Primitive) throws -> Primitive {
    let source = try forward.descriptor(ODN_ARG_SRC)
    let result = try forward.descriptor(ODN_ARG_DST)
    return try Primitive {
      odn_pooling_backward(
        forward.raw, kind, source.raw, result.raw, [3, 2], [2, 2], nil, [1, 0], [1, 0], nil, &$0)
    }
  }

  @Test(arguments: ConvolutionTests.Layout.allCases)
  func maximum(_ layout: ConvolutionTests.Layout) throws {
    let geometry = Self.geometry
    // Distinct numbers, so that there is one largest in every window.
    let count = Int(geometry.sourceShape.reduce(1, *))
    let source = Values(
      geometry.sourceShape, (0..<count).map { Float($0 * 7919 % 1_000_003) })
    let difference = Values.integers(geometry.resultShape, seed: 2)
    let forward = try forward(ODN_POOLING_MAX, layout)
    let results = try forward.run(
      [ODN_ARG_SRC: source], outputs: [ODN_ARG_DST, ODN_ARG_WORKSPACE])

    var winners = [Int](repeating: -1, count: Int(geometry.resultShape.reduce(1, *)))
    geometry.forEachProduct { from, _, to in
      if winners[to] < 0 || source.data[from] > source.data[winners[to]] { winners[to] = from }
    }
    let expected = winners.map { Double(source.data[$0]) }
    #expect(try results[ODN_ARG_DST]?.values().error(against: expected) == 0)

    let workspace = try #require(results[ODN_ARG_WORKSPACE])
    let sources = try backward(ODN_POOLING_MAX, forward).run(
      [ODN_ARG_DIFF_DST: difference], outputs: [ODN_ARG_DIFF_SRC],
      keeping: [ODN_ARG_WORKSPACE: workspace])
    var gradient = [Double](repeating: 0, count: count)
    for (index, winner) in winners.enumerated() {
      gradient[winner] += Double(difference.data[index])
    }
    #expect(try sources[ODN_ARG_DIFF_SRC]?.values().error(against: gradient) == 0)
  }

  @Test(arguments: [ODN_POOLING_AVERAGE, ODN_POOLING_AVERAGE_WITH_PADDING])
  func average(_ kind: odn_pooling) throws {
    let geometry = Self.geometry
    let source = Values.integers(geometry.sourceShape, seed: 1)
    let difference = Values.integers(geometry.resultShape, seed: 2)
    let forward = try forward(kind, .chosen)
    let results = try forward.run([ODN_ARG_SRC: source], outputs: [ODN_ARG_DST])
    var sums = [Double](repeating: 0, count: Int(geometry.resultShape.reduce(1, *)))
    var counts = sums
    geometry.forEachProduct { from, _, to in
      sums[to] += Double(source.data[from])
      counts[to] += 1
    }
    if kind == ODN_POOLING_AVERAGE_WITH_PADDING { counts = counts.map { _ in 6 } }
    let expected = zip(sums, counts).map { $0 / $1 }
    let error = try #require(try results[ODN_ARG_DST]?.values().error(against: expected))
    #expect(error < 1e-6)

    let sources = try backward(kind, forward).run(
      [ODN_ARG_DIFF_DST: difference], outputs: [ODN_ARG_DIFF_SRC])
    var gradient = [Double](repeating: 0, count: source.data.count)
    geometry.forEachProduct { from, _, to in
      gradient[from] += Double(difference.data[to]) / counts[to]
    }
    let backwardError = try #require(
      try sources[ODN_ARG_DIFF_SRC]?.values().error(against: gradient))
    #expect(backwardError < 1e-6)
  }
}
