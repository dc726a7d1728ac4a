import FoveaRuntime
import FoveaTensor
import Testing

@testable import FoveaNN

@Suite struct ParameterTests {
  @Test func keepsWhatItIsGiven() {
    let parameter = Parameter(Tensor([1, 2], shape: [2]))
    #expect(parameter.tensor.scalars() == [1, 2])
    let before = parameter.tensor
    parameter.tensor = Tensor([3, 4], shape: [2])
    #expect(parameter.tensor.scalars() == [3, 4])
    #expect(before.scalars() == [1, 2])
  }

  @Test func isAStateToTheGraph() {
    let parameter = Parameter(Tensor([1, 2], shape: [2]))
    #expect(parameter.tensor.node.role == .state)
    parameter.tensor = Tensor([3, 4], shape: [2])
    #expect(parameter.tensor.node.role == .state)
  }

  @Test func refusesAnotherShapeOrElementType() {
    let parameter = Parameter(Tensor([1, 2], shape: [2]))
    #expect(
      throws: ShapeError(
        "parameter",
        "holds float32[2] and cannot become float32[2, 1]; make a new layer to change what it holds"
      )
    ) { try parameter.assign(Tensor([1, 2], shape: [2, 1])) }
    #expect(
      throws: ShapeError(
        "parameter",
        "holds float32[2] and cannot become float64[2]; make a new layer to change what it holds")
    ) { try parameter.assign(Tensor([1, 2], shape: [2], as: .float64)) }
  }

  @Test func refusesAtTheAssignment() async {
    await #expect(processExitsWith: .failure) {
      Parameter(Tensor([1, 2], shape: [2])).tensor = Tensor([1], shape: [1])
    }
  }

  @Test func keepsWhatIsNotYetComputed() {
    let parameter = Parameter(Tensor([1, 2], shape: [2]))
    parameter.tensor = parameter.tensor + 1
    #expect(parameter.pending != nil)
    #expect(parameter.tensor.scalars() == [2, 3])
    parameter.forgetPending()
    #expect(parameter.tensor.scalars() == [1, 2])
    #expect(parameter.pending == nil)
  }

  /// A network may see several batches in one step, but nothing may grow without end.
  @Test func refusesToGrowForEver() {
    let parameter = Parameter(Tensor([0], shape: [1]))
    for _ in 0..<Parameter.largestPendingAssignments { parameter.tensor = parameter.tensor + 1 }
    #expect(parameter.tensor.scalars() == [Float(Parameter.largestPendingAssignments)])
    #expect(
      throws: ShapeError(
        "parameter",
        "float32[1] was assigned 64 times and never computed: a model that runs in training mode "
          + "needs its optimizer's step, or model.computeState(), or inference mode")
    ) { try parameter.assign(parameter.tensor + 1) }
    parameter.tensor = Tensor([5], shape: [1])
    parameter.tensor = parameter.tensor + 1
    #expect(parameter.tensor.scalars() == [6])
  }

  @Test func isDrawnOnceAndOnlyWhenRead() throws {
    let parameter = withSeed(3) { Parameter(.normal(), shape: [1000]) }
    let first = parameter.tensor.scalars()
    #expect(first == parameter.tensor.scalars())
    // Reading later, or in another order, changes nothing.
    let (a, b) = withSeed(3) { (Parameter(.normal(), shape: [1000]), Parameter(.ones, shape: [1])) }
    _ = b.tensor
    #expect(a.tensor.scalars() == first)
  }

  @Test func cannotBeLentTwice() throws {
    let parameter = Parameter(Tensor([1], shape: [1]))
    let leaf = try parameter.lend()
    #expect(
      throws: ShapeError(
        "parameter", "float32[1] is being moved by another step at the same time")
    ) {
      _ = try parameter.lend()
    }
    parameter.keep(leaf)
    #expect(parameter.tensor.scalars() == [1])
  }

  @Test func aReaderWaitsForTheStepOfAnother() async throws {
    let parameter = Parameter(Tensor([1], shape: [1]))
    let leaf = try parameter.lend()
    async let seen = Task.detached { parameter.tensor.scalars() }.value
    try await Task.sleep(for: .milliseconds(20))
    _ = leaf
    parameter.keep(Tensor(Tensor([2], shape: [1]).value!, role: .state))
    #expect(await seen == [2])
  }

  static let impossible: [(Shape, String)] = [
    ([0], "cannot have shape [0]: axis 0 must lie between 1 and 2147483647"),
    ([3, -1], "cannot have shape [3, -1]: axis 1 must lie between 1 and 2147483647"),
    (
      [1 << 30, 1 << 30],
      "cannot have shape [1073741824, 1073741824]: more than the 70368744177664 elements of the "
        + "largest tensor"
    ),
  ]

  @Test(arguments: impossible) func refusesImpossibleShapes(_ shape: Shape, _ reason: String) {
    #expect(throws: ShapeError("parameter", reason)) {
      _ = try InitialValue(.zeros, TensorType(shape))
    }
  }
}
