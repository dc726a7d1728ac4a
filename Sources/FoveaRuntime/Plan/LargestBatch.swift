package import FoveaTensor

/// The largest batch whose plan fits in memory, found by planning alone.
///
/// Nothing is run and nothing measured: kernels are those of the fixed table, or those that were
/// imposed. A run that does not fit with measured kernels takes the same.
package enum LargestBatch {
  /// What is computed for a batch.
  package typealias Recorded = (results: [Tensor], updates: [(state: Tensor, next: Tensor)])

  /// The largest batch below a refused one; 0 when not even one picture fits.
  ///
  /// What a plan needs grows nearly in proportion to the batch, so a straight line through what is
  /// known guesses well.
  package static func find(
    below refused: Int, needing needed: Int, limit: Int, _ record: (Int) throws -> Recorded
  ) throws -> Int {
    var policy = KernelPolicy.current
    policy.tuning = .off
    return try KernelPolicy.with(policy) {
      try search(below: refused, needing: needed, limit: limit) { batch in
        let recorded = try record(batch)
        return try Engine.plannedByteCount(
          results: recorded.results, updates: recorded.updates, within: limit)
      }
    }
  }

  /// The search itself, given what each batch needs.
  ///
  /// What a batch needs grows with it, but for how it is cut into parts that stay in the caches: an odd
  /// one may not be cut at all, and so need more than a larger one. Multiples of 16 can always be cut,
  /// so the search is among them first.
  static func search(
    below refused: Int, needing needed: Int, limit: Int, _ need: (Int) throws -> Int
  ) rethrows -> Int {
    let grid = 16
    var fitting = (batch: 0, bytes: 0)
    let failing = (batch: refused, bytes: max(needed, limit + 1))
    fitting = try search(from: fitting, to: failing, by: grid, limit, need)
    let next = (batch: min(fitting.batch + grid, refused), bytes: failing.bytes)
    return try search(from: fitting, to: next, by: 1, limit, need).batch
  }

  /// The last batch that fits between one that does and one that does not.
  private static func search(
    from fitting: (batch: Int, bytes: Int), to failing: (batch: Int, bytes: Int), by step: Int,
    _ limit: Int, _ need: (Int) throws -> Int
  ) rethrows -> (batch: Int, bytes: Int) {
    var (low, high) = (fitting, failing)
    var isBisecting = false
    while (high.batch - 1 - low.batch) / step >= 1 {
      let width = high.batch - low.batch
      let slope = Double(high.bytes - low.bytes) / Double(width)
      let line = isBisecting ? width / 2 : Int(Double(limit - low.bytes) / max(slope, 1))
      let most = (width - 1) / step
      let batch = low.batch + min(max(line / step, 1), most) * step
      let bytes = try need(batch)
      if bytes <= limit { low = (batch, bytes) } else { high = (batch, bytes) }
      // A line that does not help is given up for the middle, in turns.
      isBisecting = !isBisecting && (high.batch - low.batch) * 2 > width
    }
    return low
  }
}

extension MemoryRefusal {
  /// The same with the largest batch that fits.
  ///
  /// - Parameters:
  ///   - batch: what was refused.
  ///   - record: what is computed for another batch; it is recorded, not run.
  package func naming(
    largestBelow batch: Int, _ record: (Int) throws -> LargestBatch.Recorded
  ) throws -> MemoryRefusal {
    naming(
      largestBatch: try LargestBatch.find(
        below: batch, needing: needed, limit: limit, record))
  }
}
