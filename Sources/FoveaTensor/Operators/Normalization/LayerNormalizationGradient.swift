/// The gradient of ``LayerNormalization`` for its operand, scale and shift.
package struct LayerNormalizationGradient: NormalizationGradient {
  package let forward: LayerNormalization

  package init(of forward: LayerNormalization) { self.forward = forward }
}
