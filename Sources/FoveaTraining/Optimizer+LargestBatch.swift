import FoveaNN
public import FoveaRuntime
public import FoveaTensor

extension Optimizer {
  /// The refusal of a step, with the largest batch that would have fit.
  ///
  /// ```swift
  /// do {
  ///   try optimizer.tryStep(minimizing: loss(of: 4096))
  /// } catch let refusal as MemoryRefusal {
  ///   throw try optimizer.naming(refusal, of: 4096) { batch in loss(of: batch) }
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - batch: the batch that was refused.
  ///   - loss: the loss of a step with another batch, in the mode of the refused one. It is recorded a
  ///     few times; nothing is computed and nothing changes.
  public func naming(
    _ refusal: MemoryRefusal, of batch: Int, _ loss: (Int) throws -> Tensor
  ) throws -> MemoryRefusal {
    try refusal.naming(largestBelow: batch) { batch in
      defer { for cell in cells { cell.forgetPending() } }
      let objective = try loss(batch)
      let changes = try recordChanges(minimizing: objective, moving: isMoving)
      for cell in cells { cell.forgetPending() }
      return ([objective], changes.map { (state: $0.cell.tensor, next: $0.next) })
    }
  }
}

extension MemoryRefusal {
  /// The refusal of an inference, with the largest batch that would have fit.
  ///
  /// - Parameters:
  ///   - batch: the batch that was refused.
  ///   - result: what is computed for another batch. It is recorded a few times, and not computed.
  public func naming(
    largestBelow batch: Int, computing result: (Int) throws -> Tensor
  ) throws -> MemoryRefusal {
    try naming(largestBelow: batch) { ([try result($0)], []) }
  }
}
