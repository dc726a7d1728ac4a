/// Where each buffer lies in the arena, and how large the arena must be.
struct MemoryPlan {
  /// By buffer; −1 for buffers that do not live in the arena.
  let offsets: [Int]
  let byteCount: Int

  /// Places buffers so that no two that are alive at the same step overlap.
  ///
  /// Largest first, each at the lowest offset that is free during its life: simple, and within a few
  /// percent of the lower bound on graphs of networks.
  init(buffers: [PlanBuffer], steps: [PlanStep]) {
    var life = [ClosedRange<Int>?](repeating: nil, count: buffers.count)
    for (index, step) in steps.enumerated() {
      for buffer in step.reads + step.writes where buffers[buffer].home == .arena {
        life[buffer] = min(life[buffer]?.lowerBound ?? index, index)...index
      }
    }
    var offsets = [Int](repeating: -1, count: buffers.count)
    var placed: [Int] = []
    var end = 0
    let order = buffers.indices.filter { life[$0] != nil }
      .sorted { (buffers[$0].byteCount, $1) > (buffers[$1].byteCount, $0) }
    for buffer in order {
      let alive = life[buffer]!
      let size = MemoryPlan.rounded(buffers[buffer].byteCount)
      var offset = 0
      // `placed` is kept in order of offsets: the first gap that is large enough wins.
      for other in placed where life[other]!.overlaps(alive) {
        if offset + size <= offsets[other] { break }
        offset = max(offset, offsets[other] + MemoryPlan.rounded(buffers[other].byteCount))
      }
      offsets[buffer] = offset
      end = max(end, offset + size)
      let position = placed.firstIndex { offsets[$0] > offset } ?? placed.count
      placed.insert(buffer, at: position)
    }
    self.offsets = offsets
    byteCount = end
  }

  /// Whole cache lines, and one more for vector code that reads past the last number.
  static func rounded(_ byteCount: Int) -> Int { (byteCount + 127) & ~63 }
}
