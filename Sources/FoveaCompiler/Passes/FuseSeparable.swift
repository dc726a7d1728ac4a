package import FoveaTensor

extension Pass {
  /// Joins depthwise convolutions with the 1×1 convolutions around them.
  ///
  /// - Parameter accepts: whether such a block, of operands of such types, is worth it on the machine.
  package static func fuseSeparable(
    where accepts: @escaping @Sendable (SeparableBlock, [TensorType]) -> Bool
  ) -> Pass {
    Pass("fuse-separable", because: "what they pass on is larger than what comes in and goes out") {
      graph in
      let blocks = SeparableBlocks(graph, accepts)
      return GraphRewriter.rewrite(graph) { rewriter, index, vertex, _ in
        guard let found = blocks.last[index] else { return nil }
        return rewriter.add(
          found.block, found.operands.map { rewriter.place(of: $0) }, scope: vertex.scope)
      }
    }
  }
}

/// The blocks of a graph, each found at its last convolution.
private struct SeparableBlocks {
  struct Found {
    let block: SeparableBlock
    let operands: [Graph.Value]
  }

  private(set) var last: [Int: Found] = [:]
  private let graph: Graph
  private let uses: [Int]
  private let accepts: (SeparableBlock, [TensorType]) -> Bool
  /// Vertices that are part of a block.
  private var taken: Set<Int> = []

  init(_ graph: Graph, _ accepts: @escaping (SeparableBlock, [TensorType]) -> Bool) {
    self.graph = graph
    self.accepts = accepts
    uses = graph.useCounts()
    for index in graph.vertices.indices {
      if let project = pointwise(index), let depthwise = before(index, depthwise) {
        join(index, depthwise, project: project)
      }
    }
    for index in graph.vertices.indices where depthwise(index) != nil && !taken.contains(index) {
      join(index, index, project: nil)
    }
  }

  /// Takes the block that ends with vertex `index`, if there is one worth it.
  private mutating func join(_ index: Int, _ middle: Int, project: FusedConvolution?) {
    guard !taken.contains(middle), !taken.contains(index), let depthwise = depthwise(middle) else {
      return
    }
    // What a block has projected is no other block's expansion.
    let first = before(middle, pointwise).flatMap { taken.contains($0) ? nil : $0 }
    for start in first == nil ? [nil] : [first, nil] where start != nil || project != nil {
      let block = SeparableBlock(
        expand: start.flatMap(pointwise), depthwise: depthwise, project: project)
      let vertices = ([start, middle] + (project == nil ? [] : [index])).compactMap { $0 }
      var operands = [graph.vertices[vertices[0]].operands[0]]
      for vertex in vertices { operands += graph.vertices[vertex].operands.dropFirst() }
      guard accepts(block, operands.map { graph.type(of: $0) }) else { continue }
      last[index] = Found(block: block, operands: operands)
      taken.formUnion(vertices)
      return
    }
  }

  /// The vertex that computes the image of another, for that one alone, if it is of a kind.
  private func before(_ index: Int, _ kind: (Int) -> FusedConvolution?) -> Int? {
    let source = graph.vertices[index].operands[0].vertex
    guard uses[source] == 1, let convolution = kind(source), !convolution.hasResidual else {
      return nil
    }
    return source
  }

  private func convolution(_ index: Int) -> FusedConvolution? {
    switch graph.vertices[index].operation {
    case let plain as Convolution: FusedConvolution(plain.geometry, result: plain.result)
    case let fused as FusedConvolution: fused
    default: nil
    }
  }

  private func pointwise(_ index: Int) -> FusedConvolution? {
    guard let convolution = convolution(index) else { return nil }
    let geometry = convolution.geometry
    let filter = graph.type(of: graph.vertices[index].operands[1]).shape
    let isPointwise =
      geometry.groups == 1 && filter.extents[2...].allSatisfy { $0 == 1 }
      && geometry.stride.list.allSatisfy { $0 == 1 }
      && (geometry.low.list + geometry.high.list).allSatisfy { $0 == 0 }
    return isPointwise ? convolution : nil
  }

  private func depthwise(_ index: Int) -> FusedConvolution? {
    guard let convolution = convolution(index) else { return nil }
    let geometry = convolution.geometry
    let image = graph.type(of: graph.vertices[index].operands[0]).shape
    let isDepthwise =
      geometry.groups == image[1] && graph.vertices[index].types[0].shape[1] == image[1]
      && geometry.dilation.list.allSatisfy { $0 == 1 } && !convolution.hasResidual
    return isDepthwise ? convolution : nil
  }
}
