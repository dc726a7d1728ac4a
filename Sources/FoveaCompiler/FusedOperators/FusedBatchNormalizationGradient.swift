package import FoveaTensor

/// The gradient of batch normalisation through the rectifier behind it: `g` counts where `y > 0`.
///
/// Operands: `g`, `x`, `y`, `mean`, `variance` and `scale`. Results: `dx`, `dscale` and `dshift`, and
/// the residual's gradient `g · (y > 0)` if it is asked for.
package struct FusedBatchNormalizationGradient: Operator {
  package let normalization: BatchNormalization
  package let givesResidual: Bool

  package init(_ normalization: BatchNormalization, givesResidual: Bool) {
    self.normalization = normalization
    self.givesResidual = givesResidual
  }

  private var gradient: BatchNormalizationGradient { BatchNormalizationGradient(of: normalization) }

  package var name: String { "relu·" + gradient.name }

  package func types(of operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try expect(operands, count: 6)
    guard operands[2] == operands[0] else {
      throw ShapeError(
        name, "gradient \(operands[0]) and result \(operands[2]) must have one type")
    }
    let types = try gradient.types(of: Array(operands[..<2] + operands[3...]))
    return givesResidual ? types + [operands[0]] : types
  }

  package func evaluate(_ operands: [HostArray], into results: inout [HostArray]) {
    var step = operands[2]
    Unary(.step).evaluate([operands[2]], into: &step)
    var masked = operands[0]
    Binary(.multiply).evaluate([operands[0], step], into: &masked)
    var parts = Array(results[..<3])
    gradient.evaluate([masked, operands[1]] + operands[3...], into: &parts)
    results.replaceSubrange(..<3, with: parts)
    if givesResidual { results[3] = masked }
  }
}
