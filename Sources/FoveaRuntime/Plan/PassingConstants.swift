import CKernels

/// Constants that only other constants are made from: they have memory while the constant steps run.
struct PassingConstants {
  /// By constant step: the buffers it writes first, and those that nothing needs after it.
  private var beginning: [[Int]]
  private var ending: [[Int]]
  private let byteCounts: [Int: Int]
  /// The most bytes they have at a time.
  private(set) var byteCount = 0

  init(_ buffers: [PlanBuffer], constantSteps: [PlanStep], steps: [PlanStep]) {
    beginning = [[Int]](repeating: [], count: constantSteps.count)
    ending = beginning
    let kept = Set(steps.flatMap { $0.reads + $0.writes }.map { buffers.root(of: $0).buffer })
    var life: [Int: ClosedRange<Int>] = [:]
    for (index, step) in constantSteps.enumerated() {
      for buffer in Set((step.reads + step.writes).map { buffers.root(of: $0).buffer })
      where buffers[buffer].home == .constant && !kept.contains(buffer) {
        life[buffer] = (life[buffer]?.lowerBound ?? index)...index
      }
    }
    byteCounts = life.reduce(into: [:]) { counts, entry in
      counts[entry.key] = MemoryPlan.rounded(buffers[entry.key].byteCount)
    }
    for (buffer, steps) in life {
      beginning[steps.lowerBound].append(buffer)
      ending[steps.upperBound].append(buffer)
    }
    var alive = 0
    for index in constantSteps.indices {
      alive += beginning[index].reduce(0) { $0 + byteCounts[$1]! }
      byteCount = max(byteCount, alive)
      alive -= ending[index].reduce(0) { $0 + byteCounts[$1]! }
    }
  }

  func contains(_ buffer: Int) -> Bool { byteCounts[buffer] != nil }

  /// Runs the constant steps, whose number `run` is given, with the memory they need in `table`.
  func withMemory(
    in table: UnsafeMutableBufferPointer<UnsafeMutableRawPointer?>, _ run: (Int) throws -> Void
  ) rethrows {
    defer {
      for buffer in byteCounts.keys {
        if let memory = table[buffer] { fk_free(memory) }
        table[buffer] = nil
      }
    }
    for index in beginning.indices {
      for buffer in beginning[index] { table[buffer] = memory(byteCounts[buffer]!) }
      try run(index)
      for buffer in ending[index] {
        fk_free(table[buffer])
        table[buffer] = nil
      }
    }
  }

  private func memory(_ byteCount: Int) -> UnsafeMutableRawPointer {
    guard let memory = fk_allocate(Int64(byteCount)) else {
      fatalError("the system has no \(byteCount) bytes of memory left for constants")
    }
    return memory
  }
}
