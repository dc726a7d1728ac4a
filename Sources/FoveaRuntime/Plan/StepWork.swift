package import FoveaTensor

/// What a step of a plan has to do, whoever does it.
package struct StepWork: Hashable, Sendable {
  /// Products of two numbers that are added up, as the direct algorithm does.
  package var multiplyAdds = 0
  /// Bytes of what it reads and of what it writes, each once.
  package var byteCount = 0
  /// Of what is multiplied.
  package var factors: ElementType = .float32

  package init(
    multiplyAdds: Int = 0, byteCount: Int = 0, factors: ElementType = .float32
  ) {
    self.multiplyAdds = multiplyAdds
    self.byteCount = byteCount
    self.factors = factors
  }
}

extension StepWork {
  /// What is read and written, in the layouts in which it lies.
  init(moving values: [PlanValue]) {
    byteCount = values.reduce(0) { $0 + $1.layout.byteCount($1.type) }
  }
}
