import FoveaTensor
import FoveaTestSupport
import Testing

@testable import FoveaRuntime

/// What the steps of a plan say of themselves.
@Suite struct StepWorkTests {
  private func entries(_ tensors: [Tensor]) throws -> [StepObserver.Entry] {
    try StepObserver.entries { _ = try Engine.run(results: tensors) }
  }

  @Test func aConvolutionSaysWhatItMultipliesAndMoves() throws {
    let x = Images.numbers([2, 16, 9, 9], "work x")
    let w = Images.numbers([32, 16, 3, 3], "work w")
    let entries = try entries([x.convolved(with: w, padding: 1)])
    let step = try #require(entries.first { $0.name == "convolution" })
    #expect(step.work.multiplyAdds == 2 * 32 * 9 * 9 * 16 * 9)
    #expect(step.work.factors == .float32)
    let values = 2 * 16 * 9 * 9 + 32 * 16 * 9 + 2 * 32 * 9 * 9
    #expect(step.work.byteCount == 4 * values)
    // Neither the reordered image nor the reordered filter was there before.
    #expect(step.work.keptByteCount == 0)
    // Bringing operands into another layout multiplies nothing.
    for other in entries where other.name == "reorder" {
      #expect(other.work.multiplyAdds == 0)
      #expect(other.layout.contains(" → "))
    }
  }

  @Test func gradientsAndEpiloguesCountAsMuch() throws {
    let x = Images.numbers([2, 16, 8, 8], "gradient x")
    let w = Images.numbers([16, 16, 3, 3], "gradient w")
    let y = x.convolved(with: w, padding: 1).relu()
    let found = gradients(of: y.squared().sum(), withRespectTo: [x, w])
    let steps = try entries([y] + found).filter { $0.work.multiplyAdds > 0 }
    #expect(steps.count == 3)
    for step in steps { #expect(step.work.multiplyAdds == 2 * 16 * 64 * 16 * 9) }
  }

  @Test func aChainReadsAndWritesEverythingOnce() throws {
    let x = Images.numbers([1000], "chain x")
    let y = Images.numbers([1000], "chain y")
    let entries = try entries([(x * y + 1).exp()])
    let chains = entries.filter { $0.kernel == "chain" }
    #expect(chains.map(\.work.byteCount) == [3 * 4000])
    #expect(chains.map(\.work.multiplyAdds) == [0])
    #expect(chains.map(\.work.keptByteCount) == [2 * 4000])
  }

  @Test func updatesAreMarked() throws {
    let state = Tensor(PlainValue(TensorType([8]), [Double](repeating: 2, count: 8)), role: .state)
    let next = state * 3
    let entries = try StepObserver.entries {
      _ = try Engine.run(results: [state.sum()], updates: [(state: state, next: next)])
    }
    #expect(entries.filter(\.isUpdate).count == 1)
    #expect(entries.count > 1)
  }

  @Test func anObserverSeesOnlyItsOwn() throws {
    let x = Images.numbers([10], "observed")
    _ = try Engine.run(results: [x.exp()])
    let none = StepObserver.entries {}
    #expect(none.isEmpty)
    let steps = try entries([x.exp()])
    #expect(steps.count == 1)
    #expect(steps[0].nanoseconds > 0)
  }
}
