import FoveaTensor
import FoveaTestSupport
import Testing

@testable import FoveaRuntime

@Suite struct MemoryPlanTests {
  private static func step(
    reads: [Int], writes: [Int], replaceable: [(read: Int, write: Int)] = []
  ) -> PlanStep {
    PlanStep(
      name: "", kernel: "", scope: nil, reads: reads, writes: writes, replaceable: replaceable
    ) { _ in }
  }

  private static func arena(_ sizes: Int...) -> [PlanBuffer] {
    sizes.map { PlanBuffer(home: .arena, byteCount: $0) }
  }

  @Test func buffersAliveTogetherDoNotOverlap() {
    var random = TestRandom(seed: "memory plan")
    for _ in 0..<50 {
      let buffers = (0..<40).map { _ in
        PlanBuffer(home: .arena, byteCount: Int(random.next() % 5000) + 1)
      }
      var steps: [PlanStep] = []
      for index in 0..<40 {
        let reads = index == 0 ? [] : [Int(random.next() % UInt64(index))]
        steps.append(Self.step(reads: reads, writes: [index]))
      }
      let plan = MemoryPlan(buffers: buffers, steps: steps)
      var last = Array(0..<40)
      for (index, step) in steps.enumerated() {
        for read in step.reads { last[read] = max(last[read], index) }
      }
      for a in 0..<40 {
        for b in 0..<a where a <= last[b] {
          let apart =
            plan.offsets[a] >= plan.offsets[b] + buffers[b].byteCount
            || plan.offsets[b] >= plan.offsets[a] + buffers[a].byteCount
          #expect(apart)
        }
        #expect(plan.offsets[a] + buffers[a].byteCount <= plan.byteCount)
      }
    }
  }

  @Test func aChainOfStepsNeedsTwoBuffersOnly() {
    let steps = (0..<10).map { Self.step(reads: $0 == 0 ? [] : [$0 - 1], writes: [$0]) }
    let buffers = (0..<10).map { _ in PlanBuffer(home: .arena, byteCount: 1024) }
    #expect(
      MemoryPlan(buffers: buffers, steps: steps).byteCount == 2 * MemoryPlan.rounded(1024))
  }

  @Test func elementwiseStepsWriteOverWhatTheyReadLast() {
    let steps = [
      Self.step(reads: [], writes: [0]),
      Self.step(reads: [0], writes: [1], replaceable: [(0, 1)]),
      Self.step(reads: [1], writes: [2], replaceable: [(1, 2)]),
    ]
    let plan = MemoryPlan(buffers: Self.arena(1024, 1024, 1024), steps: steps)
    #expect(plan.byteCount == MemoryPlan.rounded(1024))
  }

  @Test func whatIsReadAgainIsNotReplaced() {
    let steps = [
      Self.step(reads: [], writes: [0]),
      Self.step(reads: [0], writes: [1], replaceable: [(0, 1)]),
      Self.step(reads: [0, 1], writes: [2], replaceable: [(0, 2), (1, 2)]),
    ]
    let plan = MemoryPlan(buffers: Self.arena(1024, 1024, 1024), steps: steps)
    #expect(plan.offsets[0] != plan.offsets[1])
    #expect(plan.byteCount == 2 * MemoryPlan.rounded(1024))
  }

  @Test func oneOperandIsReplacedOnlyOnce() {
    let steps = [
      Self.step(reads: [], writes: [0]),
      Self.step(reads: [0], writes: [1, 2], replaceable: [(0, 1), (0, 2)]),
      Self.step(reads: [1, 2], writes: [3]),
    ]
    let plan = MemoryPlan(buffers: Self.arena(1024, 1024, 1024, 64), steps: steps)
    #expect(plan.offsets[1] != plan.offsets[2])
  }

  @Test func constantsThatOnlyConstantsNeedAreNotKept() throws {
    let byteCount = 64 * 64 * 4
    func constants(_ salt: Float) -> Tensor {
      let numbers = (0..<64 * 64).map { Float($0 % 13) / 13 + salt }
      return Tensor(Tensor(numbers, shape: [64, 64]).value!, role: .state)
    }
    let x = Tensor((0..<2 * 64).map { Float($0 % 5) }, shape: [2, 64])
    func result(_ w: Tensor) -> Tensor {
      x.times(w.softmax().cumulativeSum(axis: 0).softmax().cumulativeSum(axis: 1))
    }
    // The input, one constant that is kept, and two that only pass at a time.
    let needed = try Engine.plannedByteCount(results: [result(constants(0))])
    #expect(needed >= 4 * byteCount && needed < 5 * byteCount)
    // New constants are made of new states, and of the first ones again.
    for salt: Float in [0, 1, 0] {
      let w = constants(salt)
      for _ in 0..<2 { #expect(try FastPath.error([result(w)]) < 1e-6) }
    }
  }

  @Test func aStepThatCannotFitIsRefusedWithBothNumbers() throws {
    let x = Tensor(repeating: 1, shape: [64, 64, 56, 57])
    let w = Tensor(repeating: 1, shape: [64, 64, 3, 3])
    let y = x.convolved(with: w, padding: 1).convolved(with: w).exp().sum()
    let needed = try Engine.plannedByteCount(results: [y])
    #expect(throws: MemoryRefusal(needed: needed, limit: 1 << 20)) {
      try MemoryLimit.with(1 << 20) { try Engine.run(results: [y]) }
    }
  }

  @Test func aPlanThatDoesNotFitComputesAgainWhatIsCheap() throws {
    let w = Tensor((0..<16 * 16 * 9).map { Float($0 % 7 - 3) / 32 }, shape: [16, 16, 3, 3])
    let one = Tensor(repeating: 1, shape: [16])
    let zero = Tensor(repeating: 0, shape: [16])
    func gradient(_ salt: Float) -> [Tensor] {
      let x = Tensor(
        (0..<4 * 16 * 32 * 32).map { Float($0 % 11) / 11 + salt }, shape: [4, 16, 32, 32])
      var y = x
      for _ in 0..<8 {
        y = y.convolved(with: w, padding: 1)
          .batchNormalized(scale: one, shift: zero, epsilon: 1e-5).output.relu()
      }
      return gradients(of: y.squared().mean(), withRespectTo: [w])
    }
    let whole = try Engine.run(results: gradient(0)).results[0].scalars
    let planned = try Engine.plannedByteCount(results: gradient(0))
    let saved = try Engine.plannedByteCount(results: gradient(0), savingMemory: true)
    #expect(saved < planned * 3 / 4)
    let lean = try MemoryLimit.with(planned - 1) {
      try Engine.run(results: gradient(0)).results[0].scalars
    }
    for (a, b) in zip(whole, lean) { #expect(abs(a - b) <= 1e-4 * max(1, abs(a))) }
    #expect(throws: MemoryRefusal.self) {
      try MemoryLimit.with(saved - 1) { try Engine.run(results: gradient(0)) }
    }
  }
}
