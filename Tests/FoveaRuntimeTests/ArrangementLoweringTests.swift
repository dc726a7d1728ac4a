import FoveaTensor
import Testing

@testable import FoveaRuntime

@Suite struct ArrangementLoweringTests {
  static let types: [ElementType] = [.float32, .float64, .bfloat16, .int8, .int32, .int64]

  static func permutations(_ rank: Int) -> [[Int]] {
    guard rank > 0 else { return [[]] }
    return permutations(rank - 1).flatMap { order in
      (0..<rank).map { place in
        var order = order
        order.insert(rank - 1, at: place)
        return order
      }
    }
  }

  @Test func transposed() throws {
    var cases: [LoweringCase] = []
    for order in Self.permutations(4) {
      for type in Self.types {
        let x = LoweringCase.integers([2, 3, 4, 5], as: type)
        cases.append(LoweringCase("\(type) \(order)", x.transposed(to: order)))
      }
      for channels in [16, 20, 32] {
        let x = LoweringCase.blocked([2, channels, 3, 2])
        cases.append(LoweringCase("\(channels) channels \(order)", x.transposed(to: order)))
      }
    }
    try LoweringCase.check(cases, count: 216)
  }

  @Test func reshaped() throws {
    var cases: [LoweringCase] = []
    for channels in [5, 16, 20, 32] {
      for size in [1, 2] {
        let x = LoweringCase.blocked([2, channels, size, size])
        cases.append(LoweringCase("flattened \(channels)", x.flattened()))
        cases.append(LoweringCase("line \(channels)", x.reshaped(to: [-1])))
        cases.append(LoweringCase("both", x.flattened(), x.reshaped(to: [-1]) * 2))
      }
    }
    for type in Self.types {
      let x = LoweringCase.integers([2, 3, 4], as: type)
      cases.append(LoweringCase("\(type)", x.reshaped(to: [4, 6]), x))
    }
    try LoweringCase.check(cases, count: 30)
  }

  @Test func pooledChannelsAreFlattenedWhereTheyLie() throws {
    let x = LoweringCase.blocked([2, 32, 1, 1])
    #expect(try FastPath.reorders([x.flattened() * 2]) == FastPath.reorders([x * 2]) - 1)
  }

  @Test func slicedAndReversed() throws {
    var cases: [LoweringCase] = []
    for channels in [16, 20, 32, 48] {
      let x = LoweringCase.blocked([2, channels, 5, 4])
      let plain = LoweringCase.integers([2, channels, 5, 4])
      for (kind, x) in [("blocked", x), ("plain", plain)] {
        let words = "\(kind) \(channels)"
        for (start, end) in [(0, 16), (0, 5), (3, 16), (channels - 16, channels)] {
          let part = x.sliced(axis: 1, from: start, to: end)
          cases.append(LoweringCase("\(words) \(start)..<\(end)", part, part * 2))
        }
        let rows = x.sliced(axis: 2, from: 1, to: 4)
        cases.append(LoweringCase("\(words) rows", rows, x.sliced(axis: 0, from: 1, to: 2)))
        cases.append(LoweringCase("\(words) every second row", Self.everySecond(x, axis: 2)))
        cases.append(LoweringCase("\(words) every second channel", Self.everySecond(x, axis: 1)))
        for axes in [[0], [1], [2, 3], [-1], [0, 1, 2, 3]] {
          cases.append(LoweringCase("\(words) reversed \(axes)", x.reversed(axes: axes)))
        }
      }
    }
    try LoweringCase.check(cases, count: 96)
  }

  static func everySecond(_ x: Tensor, axis: Int) -> Tensor {
    let start = (0..<x.rank).map { $0 == axis ? 1 : 0 }
    let step = (0..<x.rank).map { $0 == axis ? 2 : 1 }
    return .record(Slice(start: start, end: x.shape.extents, step: step), x)
  }

  @Test func concatenatedAndItsGradient() throws {
    var cases: [LoweringCase] = []
    for (first, second, third) in [(16, 16, 16), (32, 16, 8), (16, 20, 16), (5, 3, 2), (16, 32, 5)]
    {
      let parts = [first, second, third].map { LoweringCase.blocked([2, $0, 3, 4]) }
      let plain = LoweringCase.integers([2, second, 3, 4])
      let all = Tensor.concatenated(parts, axis: 1)
      let mixed = Tensor.concatenated([parts[0], plain, parts[2]], axis: 1)
      let filter = LoweringCase.integers([4, first + second + third, 1, 1])
      let words = "\(first) \(second) \(third)"
      cases.append(LoweringCase("\(words)", all))
      cases.append(LoweringCase("\(words), one plain", mixed))
      cases.append(LoweringCase("\(words), convolved", all.convolved(with: filter)))
      let objective = (all.convolved(with: filter) * LoweringCase.integers([2, 4, 3, 4])).sum()
      let back = gradients(of: objective, withRespectTo: parts + [filter])
      for gradient in back { cases.append(LoweringCase("\(words), gradient", gradient)) }
      cases.append(LoweringCase("\(words), rows", .concatenated([parts[0], parts[0]], axis: 2)))
    }
    for type in Self.types {
      let x = LoweringCase.integers([2, 3], as: type)
      for axis in [0, 1, -1] {
        cases.append(LoweringCase("\(type)", .concatenated([x, x, x], axis: axis)))
      }
    }
    try LoweringCase.check(cases, count: 58)
  }

  @Test func wholeBlocksStayBlocked() throws {
    let parts = [32, 16, 48].map { LoweringCase.blocked([2, $0, 3, 3]) }
    let filter = LoweringCase.integers([16, 96, 1, 1])
    let joined = Tensor.concatenated(parts, axis: 1).convolved(with: filter)
    // What the three convolutions cost by themselves, the last filter and the result: no more.
    let alone = try FastPath.reorders(parts.map { $0.relu() }) - 3
    #expect(try FastPath.reorders([joined]) == alone + 2)
    #expect(try FastPath.error([joined]) == 0)
  }
}
