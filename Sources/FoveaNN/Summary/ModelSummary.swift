public import FoveaTensor

/// What a model is, layer by layer, and what it costs.
///
/// The model is recorded once; nothing is computed and no weight is drawn. Multiply-adds are those of
/// the recorded convolutions and products, whoever recorded them.
///
/// ```swift
/// let summary = ModelSummary(of: model, input: [1, 3, 224, 224])
/// print(summary.multiplyAdds)
/// for row in summary.rows(depth: 2) { print(row.path, row.output, row.parameterCount) }
/// ```
public struct ModelSummary: Sendable {
  /// One layer, or several that are not told apart.
  public struct Row: Sendable {
    /// The path of the layer, such as `layer1.0.conv1`; empty for the model itself.
    public let path: String
    /// What the layer is, such as `Conv2D 3×3 /2` or `3 × Bottleneck`.
    public let layer: String
    public let output: Shape
    /// How many numbers are trained; a shared one is counted where it is met first.
    public let parameterCount: Int
    public let multiplyAdds: Int
  }

  public let input: Shape
  public let output: Shape
  /// How many numbers are trained.
  public let parameterCount: Int
  public let multiplyAdds: Int
  /// The memory of everything the model keeps, running statistics too.
  public let weightByteCount: Int
  private let root: LayerCall

  /// Records `model` with an input of that shape, in the mode that is current now.
  public init(of model: some Layer, input: Shape) {
    let trace = CallTrace()
    let result = CallTrace.$current.withValue(trace) {
      model(Tensor(repeating: 0, shape: input))
    }
    root = LayerCall.tree(of: trace.calls, recorded: topologicalOrder(of: [result.node]))
    self.input = input
    output = result.shape
    parameterCount = model.parameterCount
    multiplyAdds = root.multiplyAdds
    weightByteCount = model.parameters.reduce(0) { $0 + $1.type.byteCount }
  }

  /// The layers that are at most `depth` names deep; deeper ones are part of those that hold them.
  public func rows(depth: Int = .max) -> [Row] {
    var rows: [Row] = []
    var seen: Set<ObjectIdentifier> = []
    append(root, depth, to: &rows, &seen)
    return rows
  }

  private func append(
    _ call: LayerCall, _ depth: Int, to rows: inout [Row], _ seen: inout Set<ObjectIdentifier>
  ) {
    let isWhole = call.children.isEmpty || depth <= 0
    if !isWhole {
      for child in call.children { append(child, depth - 1, to: &rows, &seen) }
    }
    // What remains of a layer whose parts have been listed is what it does without them.
    let fresh = call.layer.parameters.filter { seen.insert(ObjectIdentifier($0)).inserted }
    let count = fresh.filter(\.isTrainable).reduce(0) { $0 + $1.shape.count }
    let work = isWhole ? call.multiplyAdds : call.ownMultiplyAdds
    guard isWhole || count > 0 || work > 0 else { return }
    rows.append(
      Row(
        path: call.path, layer: isWhole ? call.words : call.layer.name, output: call.output,
        parameterCount: count, multiplyAdds: work))
  }
}
