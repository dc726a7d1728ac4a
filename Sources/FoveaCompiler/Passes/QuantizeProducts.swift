import FoveaTensor

extension Pass {
  /// Has convolutions and products with fixed weights multiply bytes, and keeps what lies between
  /// them in bytes.
  ///
  /// Each filter gets its scales when its numbers are known; those of images come from ranges that
  /// were measured.
  ///
  /// Jacob et al. *Quantization and training of neural networks for efficient integer-arithmetic-only
  /// inference*, 2018.
  ///
  /// - Parameter ranges: what the values of the graph's `QuantizationChoice` are held within.
  package static func quantize(_ ranges: [ClosedRange<Float>]) -> Pass {
    Pass(
      "quantize",
      because: "four bytes are multiplied at once where one float was, and moved for one"
    ) { graph in
      let choice = QuantizationChoice(graph)
      precondition(choice.values.count == ranges.count, "a range for each value")
      var quantization = Quantization(graph, choice, ByteScales(graph, choice, ranges))
      return GraphRewriter.rewrite(graph) { rewriter, index, vertex, _ in
        quantization.rewrite(index, vertex, &rewriter)
      }
    }
  }
}

/// Puts conversions where bytes and real numbers meet; none is undone by another.
private struct Quantization {
  private let graph: Graph
  private let choice: QuantizationChoice
  private let scales: ByteScales
  /// By the value of the old graph.
  private var narrowed: [Graph.Value: Graph.Value] = [:]
  private var widened: [Graph.Value: Graph.Value] = [:]
  private var filters: [Graph.Value: [Graph.Value]] = [:]

  init(_ graph: Graph, _ choice: QuantizationChoice, _ scales: ByteScales) {
    self.graph = graph
    self.choice = choice
    self.scales = scales
  }

  mutating func rewrite(
    _ index: Int, _ vertex: Graph.Vertex, _ rewriter: inout GraphRewriter
  ) -> [Graph.Value] {
    let isNarrow = choice.narrow.contains(Graph.Value(index))
    switch choice.roles[index] {
    case .convolution(let fused):
      return convolution(fused, vertex, isNarrow ? scales[Graph.Value(index)] : nil, &rewriter)
    case .linear:
      return linear(vertex, &rewriter)
    case .mover where isNarrow:
      let operands = vertex.operands.map { narrow($0, vertex.scope, &rewriter) }
      return rewriter.add(vertex.operation!, operands, scope: vertex.scope)
    case .mover, .other:
      let operands = vertex.operands.map { wide($0, vertex.scope, &rewriter) }
      return rewriter.add(vertex.operation!, operands, scope: vertex.scope)
    }
  }

  private mutating func narrow(
    _ value: Graph.Value, _ scope: RecordingScope?, _ rewriter: inout GraphRewriter
  ) -> Graph.Value {
    if choice.narrow.contains(value) { return rewriter.place(of: value) }
    if let known = narrowed[value] { return known }
    let made = rewriter.add(Quantize(scales[value]), [rewriter.place(of: value)], scope: scope)[0]
    narrowed[value] = made
    return made
  }

  private mutating func wide(
    _ value: Graph.Value, _ scope: RecordingScope?, _ rewriter: inout GraphRewriter
  ) -> Graph.Value {
    guard choice.narrow.contains(value) else { return rewriter.place(of: value) }
    if let known = widened[value] { return known }
    let made = rewriter.add(
      Dequantize(scales[value]), [rewriter.place(of: value)], scope: scope)[0]
    widened[value] = made
    return made
  }

  /// Bytes of a filter, and their steps.
  private mutating func filter(
    _ value: Graph.Value, _ scope: RecordingScope?, _ rewriter: inout GraphRewriter
  ) -> [Graph.Value] {
    if let known = filters[value] { return known }
    let made = rewriter.add(QuantizeFilter(), [rewriter.place(of: value)], scope: scope)
    filters[value] = made
    return made
  }

  private mutating func convolution(
    _ fused: FusedConvolution, _ vertex: Graph.Vertex, _ result: ByteScale?,
    _ rewriter: inout GraphRewriter
  ) -> [Graph.Value] {
    var operands = [narrow(vertex.operands[0], vertex.scope, &rewriter)]
    operands += filter(vertex.operands[1], vertex.scope, &rewriter)
    if fused.hasBias { operands.append(rewriter.place(of: vertex.operands[2])) }
    var residual = QuantizedConvolution.Residual.none
    if fused.hasResidual {
      let added = vertex.operands[vertex.operands.count - 1]
      residual = result == nil ? .real : .bytes(scales[added])
      operands.append(
        result == nil
          ? wide(added, vertex.scope, &rewriter) : narrow(added, vertex.scope, &rewriter))
    }
    let operation = QuantizedConvolution(
      fused.geometry, image: scales[vertex.operands[0]], hasBias: fused.hasBias,
      residual: residual, activation: fused.activation, result: result)
    return rewriter.add(operation, operands, scope: vertex.scope)
  }

  /// A product with a matrix is a convolution of one pixel.
  private mutating func linear(
    _ vertex: Graph.Vertex, _ rewriter: inout GraphRewriter
  ) -> [Graph.Value] {
    func reshaped(
      _ value: Graph.Value, _ more: [Int], _ rewriter: inout GraphRewriter
    ) -> Graph.Value {
      let extents = rewriter.target.type(of: value).shape.extents
      let target = more.isEmpty ? Array(extents.prefix(2)) : extents + more
      return rewriter.add(Reshape(to: Shape(target)), [value], scope: vertex.scope)[0]
    }
    let image = reshaped(narrow(vertex.operands[0], vertex.scope, &rewriter), [1, 1], &rewriter)
    let filter = filter(vertex.operands[1], vertex.scope, &rewriter)
    let geometry = ConvolutionGeometry(
      stride: [1, 1], dilation: [1, 1], low: [0, 0], high: [0, 0], groups: 1)
    let operation = QuantizedConvolution(geometry, image: scales[vertex.operands[0]])
    let product = rewriter.add(
      operation, [image, reshaped(filter[0], [1, 1], &rewriter), filter[1]], scope: vertex.scope)
    return [reshaped(product[0], [], &rewriter)]
  }
}
