import CKernels

/// Memory that goes back to a pool when nobody holds it any more.
///
/// Fresh pages cost more than the work on them: a step that replaces its weights takes the memory
/// the previous step's weights have left.
final class PooledMemory: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer
  let byteCount: Int
  private let block: UnsafeMutableRawPointer
  private let blockByteCount: Int

  init(byteCount: Int) {
    self.byteCount = MemoryPlan.rounded(byteCount)
    let slack = self.byteCount < PooledMemory.large ? 0 : PooledMemory.slack
    blockByteCount = self.byteCount + slack
    block = MemoryPool.take(blockByteCount)
    pointer = slack == 0 ? block : block + PooledMemory.color(block)
  }

  deinit { MemoryPool.give(block, blockByteCount) }
}

extension PooledMemory {
  /// Where blocks begin at huge pages, and what they have in addition.
  private static let (large, slack) = (1 << 20, 1 << 16)

  /// How far into a large block the memory begins: tensors that all begin at huge pages would meet in
  /// the same sets of every cache, and a kernel that walks along three of them loses half its speed.
  private static func color(_ block: UnsafeMutableRawPointer) -> Int {
    let page = UInt(bitPattern: block) >> 20
    // Of 64 kB, in steps of 64 bytes that are no multiple of a small page.
    return Int(truncatingIfNeeded: page &* 37 % 61) * 1088 % slack
  }
}

/// Free memory by exact size: the sizes of a plan's states recur in every step.
private enum MemoryPool {
  private struct State: @unchecked Sendable {
    var free: [Int: [UnsafeMutableRawPointer]] = [:]
    var byteCount = 0
  }

  private static let state = Guarded(State())
  /// More than this is given back to the system.
  private static let limit = 1 << 31

  static func take(_ byteCount: Int) -> UnsafeMutableRawPointer {
    let known = state.withLock { state -> UnsafeMutableRawPointer? in
      guard let pointer = state.free[byteCount]?.popLast() else { return nil }
      state.byteCount -= byteCount
      return pointer
    }
    if let known { return known }
    guard let fresh = fk_allocate(Int64(byteCount)) else {
      fatalError("the system has no \(byteCount) bytes of memory left")
    }
    return fresh
  }

  static func give(_ pointer: UnsafeMutableRawPointer, _ byteCount: Int) {
    let keep = state.withLock { state -> Bool in
      guard state.byteCount + byteCount <= limit else { return false }
      state.free[byteCount, default: []].append(pointer)
      state.byteCount += byteCount
      return true
    }
    if !keep { fk_free(pointer) }
  }
}
