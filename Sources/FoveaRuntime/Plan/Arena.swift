import CKernels

/// The memory in which intermediates live and die during a run.
struct Arena: ~Copyable {
  private var pointer: UnsafeMutableRawPointer?
  private(set) var byteCount = 0

  /// The memory, grown to at least `byteCount`; what it held is lost.
  mutating func grown(to byteCount: Int) -> UnsafeMutableRawPointer {
    if let pointer, self.byteCount >= byteCount { return pointer }
    // First the old is given back, so that both are never needed together.
    if let pointer { fk_free(pointer) }
    let size = max(byteCount, 64)
    guard let fresh = fk_allocate(Int64(size)) else {
      fatalError("the system has no \(size) bytes of memory left for intermediate results")
    }
    (pointer, self.byteCount) = (fresh, size)
    return fresh
  }

  deinit {
    if let pointer { fk_free(pointer) }
  }
}
