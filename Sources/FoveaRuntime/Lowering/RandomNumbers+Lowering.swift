import CKernels
import FoveaTensor

extension RandomNumbers: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let reads = [try plan.plain(vertex.operands[0]), try plan.plain(vertex.operands[1])]
    let target = plan.allocate(vertex.result(0))
    let (key, counter, to) = (BufferPlace(reads[0]), BufferPlace(reads[1]), BufferPlace(target))
    let isExact = type.elementType == .float64
    plan.emit(
      name, kernel: isExact ? ExactLowering.kernel : "random", reads: reads, writes: [target],
      scope: vertex.scope
    ) { memory in
      let state = fk_philox(
        key: memory[key].load(as: (UInt32, UInt32).self),
        counter: memory[counter].load(as: (UInt32, UInt32, UInt32, UInt32).self))
      if isExact { fillExactly(state, memory[to]) } else { fill(state, memory[to]) }
    }
    return true
  }

  private func fill(_ state: fk_philox, _ memory: UnsafeMutableRawPointer) {
    let count = Int64(type.shape.count)
    let status = withUnsafePointer(to: state) { state in
      switch distribution {
      case .bits:
        fk_random_words(state, memory.assumingMemoryBound(to: UInt32.self), count)
      case .uniform:
        fk_random_uniform(state, memory.assumingMemoryBound(to: Float.self), count)
      case .normal:
        fk_random_normal(state, memory.assumingMemoryBound(to: Float.self), count)
      case .bernoulli(let probability):
        // What is drawn are multiples of 2⁻²⁴: the next one above divides them as the probability
        // does, and a `Float` holds it.
        fk_random_bernoulli_bool(
          state, Float((probability * 0x1p24).rounded(.up) * 0x1p-24),
          memory.assumingMemoryBound(to: UInt8.self), count)
      }
    }
    precondition(status == FK_OK, "random numbers that were prepared were refused")
  }

  /// Numbers with all digits of a `Double`, which the kernels do not make.
  private func fillExactly(_ state: fk_philox, _ memory: UnsafeMutableRawPointer) {
    let philox = Philox(key: [state.key.0, state.key.1])
    let counter: SIMD4<UInt32> = [
      state.counter.0, state.counter.1, state.counter.2, state.counter.3,
    ]
    let target = memory.assumingMemoryBound(to: Double.self)
    let count = type.shape.count
    for start in stride(from: 0, to: count, by: 4) {
      let words = philox.block(at: Philox.counter(counter, advancedBy: UInt64(start / 4)))
      let numbers = numbers(words)
      for index in start..<Swift.min(start + 4, count) { target[index] = numbers[index - start] }
    }
  }
}
