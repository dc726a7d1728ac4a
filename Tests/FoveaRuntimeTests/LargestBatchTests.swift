import FoveaTensor
import Testing

@testable import FoveaRuntime

@Suite struct LargestBatchTests {
  /// Searches among batches below `refused`, and counts how many were planned.
  private func search(
    below refused: Int, limit: Int, _ need: (Int) -> Int
  ) -> (found: Int, planned: Int) {
    var planned = 0
    let found = LargestBatch.search(below: refused, needing: need(refused), limit: limit) {
      planned += 1
      #expect((1..<refused).contains($0))
      return need($0)
    }
    return (found, planned)
  }

  @Test func whatGrowsEvenlyIsFoundAtOnce() {
    for limit in [1_100, 5_000, 77_777, 1_000_999] {
      let (found, planned) = search(below: 65_536, limit: limit) { 1000 + 100 * $0 }
      #expect(found == (limit - 1000) / 100)
      #expect(planned <= 10, "\(limit)")
    }
  }

  @Test func whatGrowsInStepsIsFoundToo() {
    // Scratch memory in steps, a part that grows with the square, and a jump.
    func need(_ batch: Int) -> Int {
      1_000_000 + 3_000 * batch + (batch / 7) * 10_000 + batch * batch / 4
        + (batch > 900 ? 50_000_000 : 0)
    }
    for limit in [1_004_000, 2_000_000, 4_321_987, 5_200_000, 40_000_000, 70_000_000] {
      let (found, planned) = search(below: 40_000, limit: limit, need)
      #expect(need(found) <= limit)
      #expect(need(found + 1) > limit)
      #expect(planned <= 30, "\(limit)")
    }
  }

  @Test func oddBatchesThatNeedMoreDoNotMislead() {
    func need(_ batch: Int) -> Int { batch * (batch % 16 == 0 ? 100 : batch % 2 == 0 ? 150 : 900) }
    for limit in [100_000, 123_456] {
      let (found, _) = search(below: 5001, limit: limit, need)
      #expect(need(found) <= limit)
      #expect(found >= limit / 100 / 16 * 16)
      #expect(need(found + 1) > limit)
    }
  }

  @Test func theEndsAreRight() {
    #expect(search(below: 1, limit: 10) { 100 * $0 }.found == 0)
    #expect(search(below: 50, limit: 99) { 100 * $0 }.found == 0)
    #expect(search(below: 50, limit: 100) { 100 * $0 }.found == 1)
    #expect(search(below: 50, limit: 4_900) { 100 * $0 }.found == 49)
    // The refused one would fit after all, with the kernels of the fixed table.
    #expect(search(below: 50, limit: 9_000) { 100 * $0 }.found == 49)
  }

  @Test func theBatchThatIsNamedFitsAndOneMoreDoesNot() throws {
    let w = Images.numbers([16, 3, 3, 3], "largest batch")
    func result(_ batch: Int) -> Tensor {
      let x = Tensor(repeating: 0.5, shape: [batch, 3, 32, 32])
      return x.convolved(with: w, padding: 1).relu().exp().sum()
    }
    let limit = 8 << 20
    let refusal = try #require(throws: MemoryRefusal.self) {
      try MemoryLimit.with(limit) { try Engine.run(results: [result(1000)]) }
    }
    #expect(refusal.largestBatch == nil)
    let named = try refusal.naming(largestBelow: 1000) { ([result($0)], []) }
    let largest = try #require(named.largestBatch)
    #expect((2..<1000).contains(largest))
    #expect(named.description.contains("; a batch of \(largest) fits, and --memory-limit"))
    try MemoryLimit.with(limit) {
      _ = try Engine.run(results: [result(largest)])
      #expect(throws: MemoryRefusal.self) { try Engine.run(results: [result(largest + 1)]) }
    }
  }

  @Test func wordsSayWhatFits() {
    let refusal = MemoryRefusal(needed: 20 << 20, limit: 10 << 20)
    let beginning = "this step needs 20.0 MiB of memory, 10.0 MiB are allowed; "
    let end = ", and --memory-limit raises the limit"
    #expect(refusal.description == beginning + "a smaller batch needs less" + end)
    #expect(
      refusal.naming(largestBatch: 12).description == beginning + "a batch of 12 fits" + end)
    #expect(
      refusal.naming(largestBatch: 0).description
        == beginning + "not even a batch of 1 fits" + end)
  }
}
