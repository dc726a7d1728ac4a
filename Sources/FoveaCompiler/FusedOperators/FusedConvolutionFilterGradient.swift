package import FoveaTensor

/// The gradients of a convolution for its filter and for the bias behind it: the second is the sum
/// of what the first has just read.
///
/// Operands: the image and the gradient of the output. Results: those of the filter and of the bias
/// `[O]`.
package struct FusedConvolutionFilterGradient: Operator {
  package let gradient: ConvolutionFilterGradient

  package init(_ gradient: ConvolutionFilterGradient) { self.gradient = gradient }

  package var name: String { gradient.name + "+bias" }

  package func types(of operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    let filter = try gradient.type(of: operands)
    return [filter, filter.with(shape: [filter.shape[0]])]
  }

  package func evaluate(_ operands: [HostArray], into results: inout [HostArray]) {
    gradient.evaluate(operands, into: &results[0])
    let g = operands[1]
    let axes = [0] + Array(2..<g.shape.rank)
    Reduction(.sum, axes: axes, keepsAxes: false).evaluate([g], into: &results[1])
  }
}
