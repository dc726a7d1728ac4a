import CKernels
import Foundation
import Testing

extension KernelTests {
  /// Every operation, on special and random operands, against the same formula in Double.
  @Suite struct ChainOperationTests {
    struct Operation: Sendable, CustomTestStringConvertible {
      let opcode: fk_opcode
      let name: String
      /// Allowed error in units in the last place; half a unit is correct rounding.
      let units: Double
      let meaning: @Sendable (Double, Double, Double) -> Double

      init(
        _ opcode: fk_opcode, _ name: String, _ units: Double = 0.5,
        _ meaning: @escaping @Sendable (Double, Double, Double) -> Double
      ) {
        self.opcode = opcode
        self.name = name
        self.units = units
        self.meaning = meaning
      }

      var testDescription: String { name }
    }

    static let immediate: Float = 1.75

    static let unary: [Operation] = [
      Operation(FK_OP_COPY, "copy") { a, _, _ in a },
      Operation(FK_OP_NEGATE, "negate") { a, _, _ in -a },
      Operation(FK_OP_ABSOLUTE, "absolute") { a, _, _ in abs(a) },
      Operation(FK_OP_SIGN, "sign") { a, _, _ in a.isNaN ? a : a > 0 ? 1 : a < 0 ? -1 : 0 },
      Operation(FK_OP_RELU, "relu") { a, _, _ in a <= 0 ? 0 : a },
      Operation(FK_OP_EXP, "exp", 1.5) { a, _, _ in exp(a) },
      Operation(FK_OP_EXPM1, "expm1", 2) { a, _, _ in expm1(a) },
      Operation(FK_OP_LOG, "log", 1) { a, _, _ in log(a) },
      Operation(FK_OP_LOG1P, "log1p", 2) { a, _, _ in log1p(a) },
      Operation(FK_OP_SQRT, "sqrt") { a, _, _ in a.squareRoot() },
      Operation(FK_OP_RSQRT, "rsqrt", 1.5) { a, _, _ in 1 / a.squareRoot() },
      Operation(FK_OP_RECIPROCAL, "reciprocal") { a, _, _ in 1 / a },
      Operation(FK_OP_SQUARE, "square") { a, _, _ in a * a },
      Operation(FK_OP_SIGMOID, "sigmoid", 2.5) { a, _, _ in 1 / (1 + exp(-a)) },
      Operation(FK_OP_TANH, "tanh", 1.5) { a, _, _ in tanh(a) },
      Operation(FK_OP_SOFTPLUS, "softplus", 2.5) { a, _, _ in
        a > 0 ? a + log1p(exp(-a)) : log1p(exp(a))
      },
      Operation(FK_OP_ERF, "erf", 1.5) { a, _, _ in erf(a) },
      Operation(FK_OP_SIN, "sin", 1) { a, _, _ in sin(a) },
      Operation(FK_OP_COS, "cos", 1) { a, _, _ in cos(a) },
      Operation(FK_OP_FLOOR, "floor") { a, _, _ in a.rounded(.down) },
      Operation(FK_OP_CEIL, "ceil") { a, _, _ in a.rounded(.up) },
      Operation(FK_OP_ROUND, "round") { a, _, _ in a.rounded(.toNearestOrEven) },
      Operation(FK_OP_TRUNCATE, "truncate") { a, _, _ in a.rounded(.towardZero) },
      Operation(FK_OP_IS_NAN, "is NaN") { a, _, _ in a.isNaN ? 1 : 0 },
      Operation(FK_OP_IS_FINITE, "is finite") { a, _, _ in a.isFinite ? 1 : 0 },
      Operation(FK_OP_NOT, "not") { a, _, _ in a == 0 ? 1 : 0 },
    ]

    static let others: [Operation] = [
      Operation(FK_OP_CONSTANT, "constant") { _, _, _ in Double(immediate) },
      Operation(FK_OP_ADD, "add") { a, b, _ in a + b },
      Operation(FK_OP_SUBTRACT, "subtract") { a, b, _ in a - b },
      Operation(FK_OP_MULTIPLY, "multiply") { a, b, _ in a * b },
      Operation(FK_OP_DIVIDE, "divide") { a, b, _ in a / b },
      Operation(FK_OP_MINIMUM, "minimum") { a, b, _ in a.isNaN || b.isNaN ? .nan : min(a, b) },
      Operation(FK_OP_MAXIMUM, "maximum") { a, b, _ in a.isNaN || b.isNaN ? .nan : max(a, b) },
      Operation(FK_OP_POWER, "power", 1) { a, b, _ in pow(a, b) },
      Operation(FK_OP_REMAINDER, "remainder", 1) { a, b, _ in
        let r = fmod(a, b)
        return r != 0 && (r < 0) != (b < 0) ? r + b : r
      },
      Operation(FK_OP_EQUAL, "equal") { a, b, _ in a == b ? 1 : 0 },
      Operation(FK_OP_NOT_EQUAL, "not equal") { a, b, _ in a != b ? 1 : 0 },
      Operation(FK_OP_LESS, "less") { a, b, _ in a < b ? 1 : 0 },
      Operation(FK_OP_LESS_EQUAL, "less or equal") { a, b, _ in a <= b ? 1 : 0 },
      Operation(FK_OP_GREATER, "greater") { a, b, _ in a > b ? 1 : 0 },
      Operation(FK_OP_GREATER_EQUAL, "greater or equal") { a, b, _ in a >= b ? 1 : 0 },
      Operation(FK_OP_AND, "and") { a, b, _ in a != 0 && b != 0 ? 1 : 0 },
      Operation(FK_OP_OR, "or") { a, b, _ in a != 0 || b != 0 ? 1 : 0 },
      Operation(FK_OP_XOR, "xor") { a, b, _ in (a != 0) != (b != 0) ? 1 : 0 },
      Operation(FK_OP_SELECT, "select") { a, b, c in c != 0 ? a : b },
      Operation(FK_OP_ADD_IMMEDIATE, "add immediate") { a, _, _ in a + Double(immediate) },
      Operation(FK_OP_MULTIPLY_IMMEDIATE, "multiply immediate") { a, _, _ in
        a * Double(immediate)
      },
      Operation(FK_OP_ATAN2, "atan2", 1.5) { a, b, _ in atan2(a, b) },
    ]

    static let special: [Float] = [
      0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -1.5, 2, 3, -2, -3, 88.72, 88.8, 89.5, -87.3, -88, -103,
      -104.5, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 1.2e-38, -1.2e-38, 0x1p-130,
      .leastNormalMagnitude, 1e-20, -1e-20, 1e-8, 1e-3, 4, 10, 100,
      -100, 1e6, -1e6, 1.1e6, 1e10, 1e30, 3.4e38, -3.4e38, 8_388_607.5, 16_777_216, .infinity,
      -.infinity, .nan, .pi, .pi / 2,
    ]

    /// Distance in units in the last place of the wanted number, subnormals included.
    static func units(_ got: Float, _ wanted: Double) -> Double {
      if wanted.isNaN || got.isNaN { return wanted.isNaN && got.isNaN ? 0 : .infinity }
      let rounded = Float(wanted)
      if got == rounded { return 0 }
      if got.isInfinite || rounded.isInfinite {
        // One unit at the very top.
        return max(abs(got), abs(rounded)).isInfinite
          && min(abs(got), abs(rounded)) == .greatestFiniteMagnitude
          && got.sign == rounded.sign ? 1 : .infinity
      }
      return abs(Double(got) - wanted) / Double(max(abs(rounded).ulp, .leastNonzeroMagnitude))
    }

    static func operands() -> (a: [Float], b: [Float], c: [Float]) {
      var random = RandomSource(1)
      var a: [Float] = []
      var b: [Float] = []
      for x in special {
        for y in special {
          a.append(x)
          b.append(y)
        }
      }
      for bound in [Float(0.7), 4, 30, 120] {
        a += random.floats(4001, in: -bound...bound)
        b += random.floats(4001, in: -6...6)
      }
      for _ in 0..<20_011 {
        a.append(Float(bitPattern: UInt32.random(in: 0 ... .max, using: &random)))
        b.append(Float(bitPattern: UInt32.random(in: 0 ... .max, using: &random)))
      }
      let c = a.indices.map { Float([0, 1, -2, Float.nan][$0 % 4]) }
      return (a, b, c)
    }

    @Test(arguments: unary + others)
    func agreesWithDouble(operation: Operation) {
      let (a, b, c) = Self.operands()
      let program = Program(
        instructions: [
          instruction(FK_OP_LOAD, 0, 0), instruction(FK_OP_LOAD, 1, 1),
          instruction(FK_OP_LOAD, 2, 2),
          instruction(operation.opcode, 3, 0, 1, 2, immediate: Self.immediate),
          instruction(FK_OP_STORE, 0, 3),
        ], extents: [a.count], inputs: [.init(a), .init(b), .init(c)],
        outputs: [.init([Float](repeating: 0, count: a.count))])
      forEachVariant { variant in
        let (status, outputs) = program.run()
        #expect(status == FK_OK)
        let got = outputs[0].floats
        var worst = (units: 0.0, at: 0)
        for k in a.indices {
          let wanted = operation.meaning(Double(a[k]), Double(b[k]), Double(c[k]))
          let units = Self.units(got[k], wanted)
          if units > worst.units { worst = (units, k) }
        }
        let k = worst.at
        #expect(
          worst.units <= operation.units + 1e-6,
          "\(operation.name)(\(a[k]), \(b[k]), \(c[k])) = \(got[k]), variant \(variant.rawValue)")
      }
    }

    @Test(arguments: unary + others)
    func referenceIsTheFormula(operation: Operation) {
      let (a, b, c) = Self.operands()
      for k in a.indices {
        let got = fk_opcode_reference(
          operation.opcode, Double(a[k]), Double(b[k]), Double(c[k]), Double(Self.immediate))
        let wanted = operation.meaning(Double(a[k]), Double(b[k]), Double(c[k]))
        let close = abs(got - wanted) <= 1e-14 * abs(wanted)
        #expect(got == wanted || close || (got.isNaN && wanted.isNaN), "\(a[k]), \(b[k])")
      }
    }

    /// Rounded once or twice, depending on the processor.
    @Test(arguments: [FK_OP_MULTIPLY_ADD, FK_OP_MULTIPLY_ADD_IMMEDIATE].map(\.rawValue))
    func multiplyAdd(opcode: UInt32) {
      var random = RandomSource(2)
      let a = random.floats(1003, in: -3...3)
      let b = random.floats(1003, in: -3...3)
      let c = random.floats(1003, in: -3...3)
      let program = Program(
        instructions: [
          instruction(FK_OP_LOAD, 0, 0), instruction(FK_OP_LOAD, 1, 1),
          instruction(FK_OP_LOAD, 2, 2),
          instruction(fk_opcode(opcode), 3, 0, 1, 2, immediate: Self.immediate),
          instruction(FK_OP_STORE, 0, 3),
        ], extents: [1003], inputs: [.init(a), .init(b), .init(c)],
        outputs: [.init([Float](repeating: 0, count: 1003))])
      forEachVariant { _ in
        let got = program.run().outputs[0].floats
        for k in a.indices {
          let (x, y, z) =
            opcode == FK_OP_MULTIPLY_ADD.rawValue
            ? (a[k], b[k], c[k]) : (a[k], Self.immediate, b[k])
          let once = z.addingProduct(x, y)
          let twice = x * y + z
          #expect(got[k] == once || got[k] == twice)
        }
      }
    }

    @Test func everyOpcodeIsTested() {
      let tested = Set((Self.unary + Self.others).map(\.opcode.rawValue))
      let moving = [FK_OP_LOAD, FK_OP_STORE, FK_OP_MULTIPLY_ADD, FK_OP_MULTIPLY_ADD_IMMEDIATE]
      #expect(tested.union(moving.map(\.rawValue)).count == Int(FK_OPCODE_COUNT))
    }
  }
}
