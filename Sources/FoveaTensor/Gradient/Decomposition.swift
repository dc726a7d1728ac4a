/// An operator that can be said with simpler ones, and takes its gradient from there.
///
/// A fused operator's gradient is often fused too, for speed; the gradient of *that* is rarely worth
/// a formula of its own. Its decomposition is differentiated instead.
package protocol Decomposable: Operator {
  /// The same results, recorded with other operators.
  func decomposed(_ operands: [Tensor]) throws(ShapeError) -> [Tensor]
}

extension Decomposable {
  /// The cotangents of the operands through the decomposition.
  package func decomposedGradients(
    _ cotangents: [Tensor?], operands: [Tensor]
  ) throws(ShapeError) -> [Tensor?] {
    // One operand may be computed from another: fresh names keep their cotangents apart.
    var cuts: [Tensor] = []
    for operand in operands { cuts.append(try Tensor.recording(Alias(), [operand])) }
    let outputs = try decomposed(cuts)
    return try pullback(of: outputs, cotangents: cotangents, to: cuts, cutting: true)
  }
}
