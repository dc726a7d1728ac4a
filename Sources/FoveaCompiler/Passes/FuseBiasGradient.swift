import FoveaTensor

extension Pass {
  /// Sums up the gradient of a bias together with the gradient of the filter before it.
  package static let fuseBiasGradient = Pass(
    "fuse-bias-gradient", because: "both read the gradient of the output, once is enough"
  ) { graph in
    let pairs = BiasGradientPairs(graph)
    return GraphRewriter.rewrite(graph) { rewriter, index, vertex, _ in
      guard let pair = pairs.byVertex[index] else { return nil }
      // The fused vertex stands where the first of the two stood; the other means its results.
      let isFilter = index == pair.filter
      guard index == min(pair.filter, pair.sum) else {
        return [rewriter.place(of: Graph.Value(isFilter ? pair.sum : pair.filter, 1))]
      }
      let operands = graph.vertices[pair.filter].operands.map { rewriter.place(of: $0) }
      let results = rewriter.add(
        FusedConvolutionFilterGradient(pair.gradient), operands, scope: vertex.scope)
      return isFilter ? results : results.reversed()
    }
  }
}

/// Which gradients of filters and sums over pixels read the same.
private struct BiasGradientPairs {
  struct Pair {
    let filter: Int
    let sum: Int
    let gradient: ConvolutionFilterGradient
  }

  /// By either vertex of a pair.
  private(set) var byVertex: [Int: Pair] = [:]

  init(_ graph: Graph) {
    var sums: [Graph.Value: Int] = [:]
    for (index, vertex) in graph.vertices.enumerated() {
      guard let reduction = vertex.operation as? Reduction, reduction.function == .sum,
        !reduction.keepsAxes
      else { continue }
      let rank = graph.type(of: vertex.operands[0]).rank
      let axes = Set(reduction.axes.map { $0 < 0 ? $0 + rank : $0 })
      if rank >= 3, axes == Set(0..<rank).subtracting([1]) { sums[vertex.operands[0]] = index }
    }
    for (index, vertex) in graph.vertices.enumerated() {
      guard let gradient = vertex.operation as? ConvolutionFilterGradient,
        graph.type(of: vertex.operands[1]).elementType == .float32,
        vertex.types[0].elementType == .float32,
        let sum = sums[vertex.operands[1]], byVertex[sum] == nil,
        vertex.operands.allSatisfy({ $0.vertex < min(index, sum) })
      else { continue }
      let pair = Pair(filter: index, sum: sum, gradient: gradient)
      byVertex[index] = pair
      byVertex[sum] = pair
    }
  }
}
