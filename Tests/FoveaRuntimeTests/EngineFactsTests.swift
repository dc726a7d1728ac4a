import FoveaTensor
import Testing

@testable import FoveaRuntime

@Suite struct EngineFactsTests {
  @Test func theyAreThoseOfTheMachine() {
    let facts = EngineFacts.current
    let version = facts.libraryVersion.split(separator: ".").compactMap { Int($0) }
    #expect(version.count == 3)
    #expect(version[0] == 2 || version[0] == 3)
    #expect(["avx512", "avx2", "portable"].contains(facts.kernelVariant))
    #expect(facts.threads == Threads.count)
    #expect(facts.cacheSizes.allSatisfy { $0 >= 1 << 15 })
    #expect(facts.allowedMemory > 1 << 20)
  }

  @Test func whatWasComputedIsRemembered() throws {
    _ = Tensor([1, 2, 3], shape: [3]).squared().scalars()
    let facts = EngineFacts.current
    #expect(facts.plans >= 1)
    #expect(facts.arenaByteCount >= 64)
  }
}
