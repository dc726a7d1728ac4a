import FoveaTensor

extension Pass {
  /// Takes a batch normalisation with given statistics into the convolution before it: its factor
  /// scales the filter, the rest is a bias.
  package static let foldBatchNormalization = Pass(
    "fold-batch-normalization",
    because: "at inference it is a factor and a bias per channel, known before the image is"
  ) { graph in
    let uses = graph.useCounts()
    return GraphRewriter.rewrite(graph) { rewriter, _, vertex, operands in
      guard let norm = vertex.operation as? FrozenBatchNormalization else { return nil }
      let producer = rewriter.source.vertices[vertex.operands[0].vertex]
      guard uses[vertex.operands[0].vertex] == 1,
        let convolution = FusedConvolution(folding: producer.operation)
      else { return nil }
      let place = rewriter.target.vertices[operands[0].vertex]
      let (image, filter) = (place.operands[0], place.operands[1])
      func record(_ operation: any Operator, _ operands: Graph.Value...) -> Graph.Value {
        rewriter.add(operation, operands, scope: vertex.scope)[0]
      }
      let (scale, shift, mean, variance) = (operands[1], operands[2], operands[3], operands[4])
      let type = rewriter.target.type(of: variance)
      let epsilon = record(Fill(norm.epsilon, TensorType([], type.elementType)))
      let deviation = record(Unary(.reciprocalSquareRoot), record(Binary(.add), variance, epsilon))
      let factor = record(Binary(.multiply), scale, deviation)
      let rank = rewriter.target.type(of: filter).rank
      let column = Shape([type.shape[0]] + [Int](repeating: 1, count: rank - 1))
      let scaled = record(
        Binary(.multiply), filter, record(Reshape(to: column), factor))
      var offset = mean
      if convolution.hasBias { offset = record(Binary(.subtract), mean, place.operands[2]) }
      let bias = record(
        Binary(.subtract), shift, record(Binary(.multiply), offset, factor))
      return rewriter.add(
        convolution.adding(bias: true), [image, scaled, bias], scope: place.scope ?? vertex.scope)
    }
  }
}

extension FusedConvolution {
  /// A convolution that a following factor per channel can be folded into.
  init?(folding operation: (any Operator)?) {
    if let plain = operation as? Convolution {
      self.init(plain.geometry, result: plain.result)
    } else if let fused = operation as? FusedConvolution, fused.activation == .none,
      !fused.hasResidual
    {
      self = fused
    } else {
      return nil
    }
  }
}
