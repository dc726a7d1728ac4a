package import FoveaTensor

/// Batch normalisation and what follows it, in one pass over memory:
/// `y = activation(normalized(x) · scale + shift + residual)`.
///
/// Operands: the image, scale and shift `[C]`, and the residual if one is added. Results: `y`, and
/// mean and variance `[C]`.
package struct FusedBatchNormalization: Operator {
  package enum Activation: UInt8, Hashable, Sendable {
    case none, relu
  }

  package let normalization: BatchNormalization
  package let activation: Activation
  package let addsResidual: Bool

  package init(
    _ normalization: BatchNormalization, activation: Activation, addsResidual: Bool
  ) {
    self.normalization = normalization
    self.activation = activation
    self.addsResidual = addsResidual
  }

  package var name: String {
    normalization.name + (addsResidual ? "·add" : "") + (activation == .relu ? "·relu" : "")
  }

  package func types(of operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try expect(operands, count: addsResidual ? 4 : 3)
    if addsResidual, operands[3] != operands[0] {
      throw ShapeError(
        name, "image \(operands[0]) and residual \(operands[3]) must have one type")
    }
    return try normalization.types(of: Array(operands[..<3]))
  }

  package func evaluate(_ operands: [HostArray], into results: inout [HostArray]) {
    normalization.evaluate(Array(operands[..<3]), into: &results)
    if addsResidual {
      let normalized = results[0]
      Binary(.add).evaluate([normalized, operands[3]], into: &results[0])
    }
    if activation == .relu {
      let sum = results[0]
      Unary(.relu).evaluate([sum], into: &results[0])
    }
  }
}
