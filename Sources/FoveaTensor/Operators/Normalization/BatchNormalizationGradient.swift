/// The gradient of ``BatchNormalization`` for its operand, scale and shift.
package struct BatchNormalizationGradient: NormalizationGradient {
  package let forward: BatchNormalization

  package init(of forward: BatchNormalization) { self.forward = forward }
}
