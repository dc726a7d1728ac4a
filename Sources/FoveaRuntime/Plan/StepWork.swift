package import FoveaTensor

/// What a step of a plan has to do, whoever does it.
package struct StepWork: Hashable, Sendable {
  /// Products of two numbers that are added up, as the direct algorithm does.
  package var multiplyAdds = 0
  /// Bytes of what it reads and of what it writes, each once.
  package var byteCount = 0
  /// Bytes of these that were there before the run: weights, and what enters the network.
  package var keptByteCount = 0
  /// Of what is multiplied.
  package var factors: ElementType = .float32

  package init(
    multiplyAdds: Int = 0, byteCount: Int = 0, keptByteCount: Int = 0,
    factors: ElementType = .float32
  ) {
    self.multiplyAdds = multiplyAdds
    self.byteCount = byteCount
    self.keptByteCount = keptByteCount
    self.factors = factors
  }
}
