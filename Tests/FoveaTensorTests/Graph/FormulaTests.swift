import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct FormulaTests {
  static let types = [TensorType([2, 3], .float64), TensorType([3], .float64)]

  static func said(_ x: [Tensor]) -> [Tensor] {
    let y = (x[0] * x[1]).sigmoid()
    return [y + x[0], y.sum(axes: [1]), x[1]]
  }

  static func formula() throws -> Formula { try #require(try Formula(of: types, said)) }

  @Test func meansWhatWasRecorded() throws {
    let x = [
      Tensor([1, -2, 3, 0.5, 0, -1], shape: [2, 3], as: .float64),
      Tensor([0.5, 2, -1], shape: [3], as: .float64),
    ]
    let once = try Tensor.recordingAll(try Self.formula(), x)
    let found = Interpreter.evaluate(once).map(\.scalars)
    #expect(found == Interpreter.evaluate(Self.said(x)).map(\.scalars))
    #expect(found.count == 3)
  }

  @Test func hasTheGradientsOfWhatWasRecorded() throws {
    let formula = try Self.formula()
    let table = [
      OperatorCase("formula", Self.types.map(\.shape)) { try Tensor.recordingAll(formula, $0) }
    ]
    #expect(try GradientCheck.failures(of: table) == [])
  }

  @Test func equalWordsAreEqual() throws {
    let formula = try Self.formula()
    #expect(formula == (try Self.formula()))
    #expect(formula.hashValue == (try Self.formula()).hashValue)
    let other = try Formula(of: Self.types) { x in
      [(x[0] * x[1]).tanh() + x[0], x[1]]
    }
    #expect(formula != other)
  }

  @Test func leavesOfItsOwnAreRefused() throws {
    #expect(try Formula(of: Self.types) { [$0[0] * Tensor([2], shape: [1], as: .float64)] } == nil)
  }

  @Test func otherOperandsAreRefused() throws {
    let formula = try Self.formula()
    let x = Tensor(repeating: 0, shape: [3], as: .float64)
    #expect(throws: ShapeError("formula", "takes 2 operand(s), got 1")) {
      try Tensor.recordingAll(formula, [x])
    }
    #expect(
      throws: ShapeError("formula", "operand 1 must be float64[2, 3], got float64[3]")
    ) { try Tensor.recordingAll(formula, [x, x]) }
  }
}
