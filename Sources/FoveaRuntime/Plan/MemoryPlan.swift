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
    var lives = Lives(buffers, steps)
    lives.shareReplaced(buffers, steps)
    let life = lives.life
    var offsets = [Int](repeating: -1, count: buffers.count)
    var placed: [Int] = []
    var end = 0
    let order = buffers.indices.filter { life[$0] != nil && lives.place[$0] == $0 }
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
    for buffer in buffers.indices where life[buffer] != nil {
      offsets[buffer] = offsets[lives.place[buffer]]
    }
    self.offsets = offsets
    byteCount = end
  }

  /// Whole cache lines, and one more for vector code that reads past the last number.
  static func rounded(_ byteCount: Int) -> Int { (byteCount + 127) & ~63 }
}

/// From which step to which each buffer of the arena holds something that is still needed.
private struct Lives {
  private(set) var life: [ClosedRange<Int>?]
  /// The buffer whose place each one takes; itself, unless it replaces another.
  private(set) var place: [Int]

  init(_ buffers: [PlanBuffer], _ steps: [PlanStep]) {
    life = [ClosedRange<Int>?](repeating: nil, count: buffers.count)
    place = Array(buffers.indices)
    for (index, step) in steps.enumerated() {
      for part in step.reads + step.writes {
        let buffer = buffers.root(of: part).buffer
        guard buffers[buffer].home == .arena else { continue }
        life[buffer] = min(life[buffer]?.lowerBound ?? index, index)...index
      }
    }
  }

  /// Lets an element-wise step write over what it reads for the last time.
  mutating func shareReplaced(_ buffers: [PlanBuffer], _ steps: [PlanStep]) {
    for (index, step) in steps.enumerated() {
      var taken: Set<Int> = []
      for (read, write) in step.replaceable {
        let root = place[read]
        guard read != write, place[write] == write, let old = life[root], let new = life[write],
          life[read]?.upperBound == index, old.upperBound == index, new.lowerBound == index,
          buffers[write].byteCount <= buffers[root].byteCount, taken.insert(root).inserted
        else { continue }
        place[write] = root
        life[root] = old.lowerBound...new.upperBound
      }
    }
  }
}
