import FoveaTensor
import Testing

@testable import FoveaRuntime

@Suite struct ExactLoweringTests {
  static let types: [ElementType] = [.float64, .int32, .int64]

  @Test func arithmetic() throws {
    var cases: [LoweringCase] = []
    for type in Self.types {
      for (left, right) in [([2, 3], [2, 3]), ([2, 3], [3]), ([2, 1], [1, 3]), ([], [4])]
        as [(Shape, Shape)]
      {
        let x = LoweringCase.integers(left, as: type)
        // The meaning's largest int64 is a Double, and not quite the largest: no division by 0.
        let whole = LoweringCase.integers(right, as: type)
        let y = type == .int64 ? whole + whole + Tensor([1], shape: [1], as: type) : whole
        for function in Binary.Function.allCases {
          let words = "\(function) \(type) \(left) \(right)"
          let exponent = function == .power ? whole.absolute() : y
          cases.append(LoweringCase(words, .record(Binary(function), x, exponent)))
        }
        for relation in [.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual]
          as [Comparison.Relation]
        {
          cases.append(
            LoweringCase(
              "\(relation) \(type) \(left) \(right)", .record(Comparison(relation), x, y)))
        }
      }
      let x = LoweringCase.integers([2, 3], as: type)
      for function in [.negate, .absolute, .sign, .step, .square, .relu] as [Unary.Function] {
        cases.append(LoweringCase("\(function) \(type)", .record(Unary(function), x)))
      }
      cases.append(LoweringCase("clamp \(type)", x.clamped(to: -1.5...2.5)))
      cases.append(
        LoweringCase("select \(type)", (x .> x.reversed(axes: [1])).selecting(x, otherwise: -x)))
      cases.append(
        LoweringCase("expand \(type)", x.reshaped(to: [2, 1, 3]).expanded(to: [2, 4, 3])))
    }
    try LoweringCase.check(cases, count: 3 * (4 * 14 + 9))
  }

  @Test func realFunctions() throws {
    let x = LoweringCase.integers([3, 5], as: .float64) / 7 + 1
    var cases: [LoweringCase] = []
    for function in Unary.Function.allCases {
      cases.append(LoweringCase("\(function)", .record(Unary(function), x)))
    }
    try LoweringCase.check(cases, count: 23)
  }

  @Test func casts() throws {
    var cases: [LoweringCase] = []
    for from in ElementType.allCases {
      for to in ElementType.allCases where from != to {
        let x = LoweringCase.integers([3, 5]) * 0.75
        cases.append(LoweringCase("\(from) to \(to)", x.cast(to: from).cast(to: to)))
      }
    }
    try LoweringCase.check(cases, count: 72)
  }

  @Test func wholeNumbersBeyondDoubleKeepTheirDigits() throws {
    func int64(_ numbers: [Int64]) -> Tensor {
      let type = TensorType([numbers.count], .int64)
      return Tensor(
        PlainValue(type) { bytes in
          for (index, number) in numbers.enumerated() {
            bytes.storeBytes(of: number, toByteOffset: index * 8, as: Int64.self)
          }
        })
    }
    func numbers(_ tensor: Tensor) throws -> [Int64] {
      let value = try Engine.run(results: [tensor]).results[0]
      return withExtendedLifetime(value) {
        (0..<tensor.shape.count).map { value.bytes.load(fromByteOffset: $0 * 8, as: Int64.self) }
      }
    }
    let large: Int64 = 1 << 53 + 1
    let (x, y) = (int64([large, .max, .min, 7]), int64([1, 1, 1, -2]))
    func both(_ function: Binary.Function) throws -> [Int64] {
      try numbers(.record(Binary(function), x, y))
    }
    #expect(try both(.add) == [large + 1, .max, .min + 1, 5])
    #expect(try both(.subtract) == [large - 1, .max - 1, .min, 9])
    #expect(try both(.multiply) == [large, .max, .min, -14])
    #expect(try both(.divide) == [large, .max, .min, -3])
    #expect(try both(.remainder) == [0, 0, 0, -1])
    let none = int64([0, 0, 0, 0])
    #expect(try numbers(.record(Binary(.divide), x, none)) == [.max, .max, .min, .max])
    #expect(try numbers(.record(Binary(.divide), none, none)) == [0, 0, 0, 0])
    #expect(try numbers(-x) == [-large, -.max, .max, -7])
    let equal = try Engine.run(results: [x .== int64([large - 1])]).results[0].scalars
    #expect(equal == [0, 0, 0, 0])
  }

  @Test func chosenAndBounded() throws {
    var cases: [LoweringCase] = []
    for shape in [[2, 20, 3, 3], [2, 16, 3, 3]] as [Shape] {
      for (kind, x) in [
        ("blocked", LoweringCase.blocked(shape)), ("plain", LoweringCase.integers(shape)),
      ] {
        let mask = LoweringCase.integers(shape) .> 0.0
        let narrow = LoweringCase.integers([1, shape[1], 1, 1]) .> 0.0
        cases.append(LoweringCase("\(kind) clamp", x.clamped(to: -3...5)))
        cases.append(LoweringCase("\(kind) clamp, one side", x.clamped(to: 1...)))
        cases.append(LoweringCase("\(kind) select", mask.selecting(x, otherwise: 0.0)))
        cases.append(LoweringCase("\(kind) narrow", narrow.selecting(x, otherwise: -x)))
        cases.append(LoweringCase("\(kind) logic", (mask .& narrow) .| .!(x .> 1.0) .^ mask))
        cases.append(LoweringCase("\(kind) alone", mask .& narrow, .!mask, narrow .^ mask))
      }
    }
    try LoweringCase.check(cases, count: 24)
  }

  @Test func constants() throws {
    var cases: [LoweringCase] = []
    for type in ElementType.allCases {
      cases.append(LoweringCase("fill \(type)", Tensor(repeating: 1, shape: [3, 5], as: type)))
      guard type != .bool else { continue }
      for axis in 0..<3 {
        cases.append(
          LoweringCase("iota \(type) \(axis)", .record(Iota([2, 3, 4], type, axis: axis))))
      }
    }
    try LoweringCase.check(cases, count: 33)
    let x = LoweringCase.integers([4])
    #expect(try FastPath.kernels([x * 2 + 1]) == ["chain"])
  }
}
