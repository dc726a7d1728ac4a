import CKernels
import Foundation
import Testing

extension KernelTests {
  @Suite struct BaseTests {
    @Test func sizes() {
      #expect(allTypes.map { fk_type_size($0) } == [4, 8, 2, 2, 1, 1, 4, 8, 1])
      #expect(allTypes.map(\.rawValue) == Array(0...8))
      #expect(fk_type_size(fk_type(9)) == 0)
    }

    @Test(arguments: [0, 1, 2, 3, 7, 1000] as [Int64])
    func everyTaskOnce(tasks: Int64) {
      _ = onSeveralThreads {
        var counts = [Int32](repeating: 0, count: Int(max(tasks, 1)))
        fk_parallel(
          tasks,
          { context, begin, end, thread in
            let counts = context!.assumingMemoryBound(to: Int32.self)
            for task in begin..<end {
              counts[Int(task)] += 1 + 100 * (thread >= fk_threads() ? 1 : 0)
            }
          }, &counts)
        #expect(counts.reduce(0, +) == Int32(tasks))
        #expect(counts.allSatisfy { $0 <= 1 })
      }
    }

    /// A parallel call inside another runs inline, in one piece.
    @Test func nested() {
      defer { fk_set_threads(0) }
      fk_set_threads(2)
      var pieces = [Int32](repeating: 0, count: 4)
      fk_parallel(
        4,
        { context, begin, end, _ in
          for task in begin..<end {
            fk_parallel(
              100,
              { context, _, _, thread in
                context!.assumingMemoryBound(to: Int32.self).pointee += 1 + thread
              }, context! + Int(task) * 4)
          }
        }, &pieces)
      #expect(pieces == [1, 1, 1, 1])
    }

    @Test func smallWorkStaysInOnePiece() {
      defer { fk_set_threads(0) }
      fk_set_threads(4)
      var pieces: Int32 = 0
      fk_parallel_grain(
        100, 51,
        { context, _, _, _ in context!.assumingMemoryBound(to: Int32.self).pointee += 1 }, &pieces)
      #expect(pieces == 1)
      #expect(fk_grain(0) == .max)
      #expect(fk_grain(1e9) == 1)
    }

    @Test func memory() throws {
      for size in [0, 1, 100, 5 << 20] as [Int64] {
        let memory = try #require(fk_allocate(size))
        #expect(UInt(bitPattern: memory) % 64 == 0)
        memset(memory, 1, Int(size))
        fk_free(memory)
      }
      #expect(fk_allocate(-1) == nil)
      #expect(fk_allocate(.max) == nil)
      #expect(fk_allocate(1 << 60) == nil)
    }

    @Test func processor() {
      var name = [CChar](repeating: 1, count: 8)
      let length = fk_cpu_name(&name, 8)
      #expect(length > 0)
      #expect(name.contains(0))
      #expect(fk_cpu_level2_bytes() > 0)
      #expect(fk_cpu_level3_bytes() > 0)
      #expect(fk_force_isa(99) == 0)
      #expect(variants.contains(FK_ISA_PORTABLE))
      #expect(variants.last == fk_active_isa())
    }
  }
}
