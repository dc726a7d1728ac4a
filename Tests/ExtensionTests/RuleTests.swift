import Fovea
import Testing

/// Gradient rules from outside are not believed.
@Suite struct RuleTests {
  /// The sum of two tensors, with a rule that is wrong in one of three ways.
  struct WrongRule: SingleResultOperator {
    enum Mistake: Hashable, Sendable { case forgetsAnOperand, changesTheShape, changesTheType }

    let mistake: Mistake

    func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
      try expect(operands, count: 2)
      return operands[0]
    }

    func evaluate(_ operands: [HostArray], into result: inout HostArray) {
      for (index, x) in operands[0].scalars.enumerated() {
        result.scalars[index] = x + operands[1].scalars[index]
      }
    }

    func gradients(
      _ g: Tensor, operands: [Tensor], result: Tensor
    ) throws(ShapeError) -> [Tensor?] {
      switch mistake {
      case .forgetsAnOperand: [g]
      case .changesTheShape: [g, g.sum()]
      case .changesTheType: [g, g.cast(to: .float64)]
      }
    }
  }

  @Test(arguments: [
    (WrongRule.Mistake.forgetsAnOperand, "its gradient rule gave 1 gradients for 2 operands"),
    (.changesTheShape, "its gradient rule gave float32[] for the operand float32[2]"),
    (.changesTheType, "its gradient rule gave float64[2] for the operand float32[2]"),
  ])
  func aWrongOneIsNamed(_ mistake: WrongRule.Mistake, _ reason: String) throws {
    let x = Tensor([1, 2], shape: [2])
    let y = try Tensor.recording(WrongRule(mistake: mistake), [x, x.squared()])
    #expect(throws: ShapeError("wrong rule", reason)) {
      try recordingGradients(of: y.sum(), withRespectTo: [x])
    }
  }

  @Test func numbersMustFitTheirType() async {
    await #expect(processExitsWith: .failure) { _ = HostArray(TensorType([3]), [1, 2]) }
    #expect(HostArray(TensorType([2]), [1, 2]).scalars == [1, 2])
  }
}
