/// The gradient of ``GroupNormalization`` for its operand, scale and shift.
package struct GroupNormalizationGradient: NormalizationGradient {
  package let forward: GroupNormalization

  package init(of forward: GroupNormalization) { self.forward = forward }
}
