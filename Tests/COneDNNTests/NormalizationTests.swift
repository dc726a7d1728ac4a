import COneDNN
import Foundation
import Testing

struct NormalizationTests {
  let shape: [Int64] = [4, 10, 3, 5]
  let epsilon = 1e-3

  /// The numbers of each channel: 4 × 3 × 5 of them.
  private func channels(_ values: Values) -> [[Double]] {
    var result = [[Double]](repeating: [], count: 10)
    for (index, value) in values.doubles.enumerated() { result[index / 15 % 10].append(value) }
    return result
  }

  @Test(arguments: [false, true])
  func batchNorm(_ relu: Bool) throws {
    let source = Values.reals(shape, seed: 1)
    let difference = Values.reals(shape, seed: 2)
    let scale = Values.reals([10], seed: 3)
    let shift = Values.reals([10], seed: 4)
    let flags = Int32(ODN_NORM_SCALE | ODN_NORM_SHIFT | (relu ? ODN_NORM_RELU : 0))
    let data = try Descriptor.channelBlocked(shape, 16)
    let forward = try Primitive {
      odn_batch_norm_forward(1, flags, data.raw, Float(epsilon), nil, &$0)
    }
    let results = try forward.run(
      [ODN_ARG_SRC: source, ODN_ARG_SCALE: scale, ODN_ARG_SHIFT: shift],
      outputs: [ODN_ARG_DST, ODN_ARG_MEAN, ODN_ARG_VARIANCE]
        + (relu ? [ODN_ARG_WORKSPACE] : []))

    let inputs = channels(source)
    let means = inputs.map { $0.reduce(0, +) / 60 }
    let variances = zip(inputs, means).map { input, mean in
      input.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 60
    }
    let normal = inputs.indices.map { channel in
      inputs[channel].map { ($0 - means[channel]) / (variances[channel] + epsilon).squareRoot() }
    }
    let before = normal.indices.map { channel in
      normal[channel].map { $0 * Double(scale.data[channel]) + Double(shift.data[channel]) }
    }
    let expected = before.map { relu ? $0.map { max(0, $0) } : $0 }
    let found = channels(try #require(try results[ODN_ARG_DST]?.values()))
    expectClose(found.flatMap { $0 }, expected.flatMap { $0 })
    expectClose(try #require(try results[ODN_ARG_MEAN]?.values()).doubles, means)
    expectClose(try #require(try results[ODN_ARG_VARIANCE]?.values()).doubles, variances)

    let backward = try Primitive {
      odn_batch_norm_backward(
        forward.raw, flags, data.raw, data.raw, Float(epsilon), nil, &$0)
    }
    var kept = results
    kept[ODN_ARG_DST] = nil
    kept[ODN_ARG_SHIFT] = nil
    let gradients = try backward.run(
      [ODN_ARG_DIFF_DST: difference],
      outputs: [ODN_ARG_DIFF_SRC, ODN_ARG_DIFF_SCALE, ODN_ARG_DIFF_SHIFT], keeping: kept)
    var incoming = channels(difference)
    if relu {
      for channel in incoming.indices {
        for item in incoming[channel].indices where before[channel][item] <= 0 {
          incoming[channel][item] = 0
        }
      }
    }
    let shifts = incoming.map { $0.reduce(0, +) }
    let scales = zip(incoming, normal).map { zip($0, $1).reduce(0) { $0 + $1.0 * $1.1 } }
    var sources: [Double] = []
    for channel in incoming.indices {
      let factor = Double(scale.data[channel]) / (variances[channel] + epsilon).squareRoot()
      for (incoming, normal) in zip(incoming[channel], normal[channel]) {
        let mean = (shifts[channel] + normal * scales[channel]) / 60
        sources.append(factor * (incoming - mean))
      }
    }
    expectClose(try #require(try gradients[ODN_ARG_DIFF_SHIFT]?.values()).doubles, shifts)
    expectClose(try #require(try gradients[ODN_ARG_DIFF_SCALE]?.values()).doubles, scales)
    let back = channels(try #require(try gradients[ODN_ARG_DIFF_SRC]?.values()))
    expectClose(back.flatMap { $0 }, sources)
  }

  @Test func batchNormWithGivenStatistics() throws {
    let source = Values.reals(shape, seed: 1)
    let mean = Values.reals([10], seed: 2)
    let variance = Values([10], Values.reals([10], seed: 3).data.map { abs($0) + 0.5 })
    let data = try Descriptor.plain(shape)
    let primitive = try Primitive {
      odn_batch_norm_forward(
        0, Int32(ODN_NORM_GIVEN_STATISTICS), data.raw, Float(epsilon), nil, &$0)
    }
    let results = try primitive.run(
      [ODN_ARG_SRC: source, ODN_ARG_MEAN: mean, ODN_ARG_VARIANCE: variance],
      outputs: [ODN_ARG_DST])
    let expected = source.doubles.enumerated().map { index, value in
      let channel = index / 15 % 10
      return (value - Double(mean.data[channel]))
        / (Double(variance.data[channel]) + epsilon).squareRoot()
    }
    expectClose(try #require(try results[ODN_ARG_DST]?.values()).doubles, expected)
  }

  /// AlexNet's normalisation: k + alpha / size * sum of squares over neighbouring channels.
  @Test func localResponse() throws {
    let source = Values.reals(shape, seed: 1)
    let difference = Values.reals(shape, seed: 2)
    let data = try Descriptor.plain(shape)
    let forward = try Primitive {
      odn_lrn_forward(1, 1, data.raw, 5, 0.5, 0.75, 2, nil, &$0)
    }
    var outputs = [ODN_ARG_DST]
    if (try? forward.descriptor(ODN_ARG_WORKSPACE)) != nil { outputs.append(ODN_ARG_WORKSPACE) }
    let results = try forward.run([ODN_ARG_SRC: source], outputs: outputs)
    let x = source.doubles
    func neighbours(_ index: Int) -> [Int] {
      let channel = index / 15 % 10
      return (max(0, channel - 2)...min(9, channel + 2)).map { index + ($0 - channel) * 15 }
    }
    let sums = x.indices.map { 2 + 0.1 * neighbours($0).reduce(0) { $0 + x[$1] * x[$1] } }
    let expected = x.indices.map { x[$0] / pow(sums[$0], 0.75) }
    expectClose(try #require(try results[ODN_ARG_DST]?.values()).doubles, expected)

    let backward = try Primitive {
      odn_lrn_backward(forward.raw, 1, data.raw, data.raw, 5, 0.5, 0.75, 2, nil, &$0)
    }
    var kept = results
    kept[ODN_ARG_DST] = nil
    let gradients = try backward.run(
      [ODN_ARG_DIFF_DST: difference], outputs: [ODN_ARG_DIFF_SRC], keeping: kept)
    let d = difference.doubles
    let gradient = x.indices.map { index in
      neighbours(index).reduce(d[index] / pow(sums[index], 0.75)) { total, other in
        total - d[other] * x[other] * 0.75 * 0.2 * x[index] / pow(sums[other], 1.75)
      }
    }
    expectClose(try #require(try gradients[ODN_ARG_DIFF_SRC]?.values()).doubles, gradient)
  }
}

func expectClose(
  _ found: [Double], _ expected: [Double], within tolerance: Double = 1e-5,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let error = Values([Int64(found.count)], found.map(Float.init)).error(against: expected)
  #expect(error < tolerance, sourceLocation: sourceLocation)
}
