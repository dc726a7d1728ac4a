import FoveaTensor
import Testing

@testable import FoveaRuntime

@Suite struct IndexingLoweringTests {
  static let types: [ElementType] = [.float32, .float64, .int32, .int64]

  static func indices(_ shape: Shape, below extent: Int, as type: ElementType = .int32) -> Tensor {
    let numbers = (0..<shape.count).map { Double(($0 * 7 + $0 / 3) % extent) }
    return Tensor(numbers, shape: shape, as: type)
  }

  @Test func taken() throws {
    var cases: [LoweringCase] = []
    for type in Self.types {
      let x = LoweringCase.integers([4, 3, 5], as: type)
      for axis in 0..<3 {
        for (shape, kind) in [([3], .int32), ([2, 2], .int64), ([], .int32)]
          as [(Shape, ElementType)]
        {
          let list = Self.indices(shape, below: x.shape[axis], as: kind)
          let part = x.taking(list, axis: axis)
          let words = "\(type) axis \(axis) \(shape)"
          cases.append(LoweringCase(words, part))
          let back = Tensor.record(TakeGradient(axis: axis, of: x.shape), part, list)
          cases.append(LoweringCase("\(words), back", back))
        }
      }
    }
    try LoweringCase.check(cases, count: 72)
  }

  @Test func gatheredAndScattered() throws {
    var cases: [LoweringCase] = []
    for type in Self.types {
      let x = LoweringCase.integers([4, 3, 5], as: type)
      for axis in [0, 1, 2, -1] {
        for narrow in [false, true] {
          var shape = narrow ? Shape([2, 2, 3]) : x.shape
          shape[axis] = 6
          let list = Self.indices(shape, below: x.shape[axis])
          let part = x.gathered(at: list, axis: axis)
          let words = "\(type) axis \(axis) \(shape)"
          cases.append(LoweringCase(words, part))
          cases.append(
            LoweringCase(
              "\(words), added", .record(ScatterAdd(axis: axis, into: x.shape), part, list)))
          cases.append(
            LoweringCase("\(words), replaced", x.replacing(at: list, axis: axis, with: part + part))
          )
        }
      }
    }
    try LoweringCase.check(cases, count: 96)
  }

  static let outside: [(Tensor, String)] = {
    let x = LoweringCase.integers([4, 3])
    let list = Tensor([0, 2, 1, 4], shape: [2, 2], as: .int32)
    let negative = Tensor([0, -1], shape: [1, 2], as: .int64)
    return [
      (
        x.taking(list),
        "take: index 4 at [1, 1] lies outside axis 0, whose 4 elements are 0 to 3"
      ),
      (
        x.gathered(at: negative, axis: 1),
        "gather: index -1 at [0, 1] lies outside axis 1, whose 3 elements are 0 to 2"
      ),
      (
        .record(ScatterAdd(axis: 0, into: x.shape), LoweringCase.integers([2, 2]), list),
        "scatter add: index 4 at [1, 1] lies outside axis 0, whose 4 elements are 0 to 3"
      ),
      (
        x.replacing(at: negative, axis: 1, with: LoweringCase.integers([1, 2])),
        "scatter assign: index -1 at [0, 1] lies outside axis 1, whose 3 elements are 0 to 2"
      ),
      (
        .record(
          TakeGradient(axis: 1, of: [2, 3]), LoweringCase.integers([2, 4]),
          Tensor([0, 3, 1, 9], shape: [4], as: .int32)),
        "take gradient: index 3 at [1] lies outside axis 1, whose 3 elements are 0 to 2"
      ),
    ]
  }()

  @Test(arguments: outside) func indicesOutsideAreRefused(_ tensor: Tensor, _ words: String) {
    #expect {
      _ = try Engine.run(results: [tensor])
    } throws: { error in
      "\(error)" == words
    }
  }

  @Test func ordered() throws {
    var cases: [LoweringCase] = []
    for type in Self.types + [.bfloat16, .int8] {
      let x = LoweringCase.integers([4, 9, 3], as: type)
      for axis in [0, 1, -1] {
        for kind in Extreme.Kind.allCases {
          cases.append(
            LoweringCase(
              "\(kind) \(type) \(axis)", .record(Extreme(kind, axis: axis, keepsAxis: false), x)))
        }
        for descending in [false, true] {
          let all = x.sorted(axis: axis, descending: descending)
          cases.append(LoweringCase("sorted \(type) \(axis)", all.values, all.indices))
          let few = x.top(2, axis: axis, largest: descending)
          cases.append(LoweringCase("top \(type) \(axis)", few.values, few.indices))
        }
      }
    }
    try LoweringCase.check(cases, count: 108)
  }

  @Test func notANumberHasItsPlace() throws {
    for type in [.float32, .float64] as [ElementType] {
      let x = Tensor([1, .nan, 3, .nan, -2, 3], shape: [6], as: type)
      for descending in [false, true] {
        let sorted = x.sorted(axis: 0, descending: descending)
        #expect(try FastPath.error([sorted.values, sorted.indices]) == 0)
      }
      #expect(try FastPath.error([x.argmax(), x.argmin()]) == 0)
    }
  }

  @Test func running() throws {
    var cases: [LoweringCase] = []
    for type in Self.types {
      let x = LoweringCase.integers([4, 3, 5], as: type)
      for axis in [0, 1, -1] {
        for bits in 0..<4 {
          let sum = x.cumulativeSum(axis: axis, reversed: bits & 1 == 1, exclusive: bits & 2 == 2)
          cases.append(LoweringCase("sum \(type) \(axis) \(bits)", sum))
        }
        cases.append(LoweringCase("product \(type) \(axis)", x.cumulativeProduct(axis: axis)))
      }
    }
    try LoweringCase.check(cases, count: 60)
  }

  @Test func padded() throws {
    var cases: [LoweringCase] = []
    let around: [Surroundings] = [
      .constant(0), .constant(2), .edge, .reflection, .symmetry, .repetition,
    ]
    for surroundings in around {
      for channels in [3, 16, 20] {
        for x in [LoweringCase.blocked([2, channels, 4, 5]), .integers([2, channels, 4, 5])] {
          let y = x.padded(.sides(low: [1, 0], high: [2, 3]), surroundings)
          let words = "\(surroundings) \(channels)"
          cases.append(LoweringCase(words, y))
          cases.append(LoweringCase("\(words), on", y.relu() * 2))
          let objective = (y * LoweringCase.integers(y.shape)).sum()
          let back = gradients(of: objective, withRespectTo: [x])
          cases.append(LoweringCase("\(words), back", back[0]))
          let all = x.padded(low: [1, 2, 0, 1], high: [0, 1, 1, 2], surroundings)
          cases.append(LoweringCase("\(words), all axes", all))
        }
      }
    }
    try LoweringCase.check(cases, count: 144)
  }

  @Test func random() throws {
    let key = Tensor([5, -9], shape: [2], as: .int32)
    let counter = Tensor([7, -1, 3, 0], shape: [4], as: .int32)
    var cases: [LoweringCase] = []
    for count in [1, 4, 7, 100, 5003] {
      let shape = Shape([count])
      cases.append(LoweringCase("bits \(count)", .randomBits(shape, key: key, counter: counter)))
      for p in [0, 0.1, 1.0 / 3, 0.5, 0.500000001, 0.9, 1] {
        cases.append(
          LoweringCase(
            "\(p) \(count)",
            .randomBernoulli(shape, probability: p, key: key, counter: counter)))
      }
      for type in [.float32, .float64] as [ElementType] {
        cases.append(
          LoweringCase(
            "uniform \(count)", .randomUniform(shape, as: type, key: key, counter: counter)))
      }
      cases.append(
        LoweringCase(
          "normal \(count)", .randomNormal(shape, as: .float64, key: key, counter: counter)))
    }
    try LoweringCase.check(cases, count: 55)
    let normal = Tensor.randomNormal([5003], key: key, counter: counter)
    #expect(try FastPath.error([normal]) < 1e-6)
    #expect(try FastPath.fallbacks([normal]) == [])
  }
}

extension Tensor {
  fileprivate static func integers(_ shape: Shape) -> Tensor { LoweringCase.integers(shape) }
}
