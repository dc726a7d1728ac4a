import FoveaTensor

/// A call of a layer, and the calls within it.
struct LayerCall: Sendable {
  let layer: any Layer
  let scope: RecordingScope
  let output: Shape
  /// Where the layer is in the model.
  let path: String
  let children: [LayerCall]
  /// The work this layer recorded itself, not through other layers.
  let ownMultiplyAdds: Int
  /// What slides, where this layer recorded one convolution itself.
  private let window: String?

  var multiplyAdds: Int { children.reduce(ownMultiplyAdds) { $0 + $1.multiplyAdds } }

  /// The calls as a tree, from the outermost on.
  static func tree(of calls: [CallTrace.Call], recorded nodes: [Node]) -> LayerCall {
    var inner: [ObjectIdentifier: [CallTrace.Call]] = [:]
    for call in calls {
      guard let parent = call.scope.parent else { continue }
      inner[ObjectIdentifier(parent), default: []].append(call)
    }
    let byScope = Dictionary(grouping: nodes.filter { $0.scope != nil }) {
      ObjectIdentifier($0.scope!)
    }
    // The outermost call ends last.
    return LayerCall(calls[calls.count - 1], path: "", inner, byScope)
  }

  private init(
    _ call: CallTrace.Call, path: String, _ inner: [ObjectIdentifier: [CallTrace.Call]],
    _ recorded: [ObjectIdentifier: [Node]]
  ) {
    let nodes = recorded[ObjectIdentifier(call.scope)] ?? []
    let calls = inner[ObjectIdentifier(call.scope)] ?? []
    layer = call.layer
    scope = call.scope
    output = call.output
    self.path = path
    ownMultiplyAdds = nodes.reduce(0) { $0 + $1.multiplyAdds }
    let windows = nodes.compactMap(\.window)
    window = windows.count == 1 ? windows[0] : nil
    var places = LayerPlaces(in: call.layer)
    children = calls.map { child in
      let name = places.take(child.layer) ?? child.layer.name
      return LayerCall(child, path: path.isEmpty ? name : "\(path).\(name)", inner, recorded)
    }
  }

  /// What the layer is, in a few words.
  var words: String {
    if let window { return "\(layer.name) \(window)" }
    if let names = (layer as? Sequential)?.layers.map(\.name), names.count > 1 {
      if Set(names).count == 1 { return "\(names.count) × \(names[0])" }
      if names.count <= 4 { return names.joined(separator: ", ") }
    }
    if layer.parameters.isEmpty, let declaration = layer.declaration { return declaration }
    return layer.name
  }
}

extension Node {
  fileprivate var multiplyAdds: Int {
    (operation as? any CountsMultiplyAdds)?
      .multiplyAdds(operands: operands.map(\.type), results: types) ?? 0
  }

  /// Kernel, stride, dilation and groups of a convolution: `3×3 /2`.
  fileprivate var window: String? {
    guard let geometry = (operation as? Convolution)?.geometry else { return nil }
    let filter = operands[1].shape
    var text = filter.extents[2...].map(String.init).joined(separator: "×")
    if let stride = geometry.stride.words { text += " /\(stride)" }
    if let dilation = geometry.dilation.words { text += " dilated \(dilation)" }
    if geometry.groups > 1 {
      text +=
        geometry.groups == operands[0].shape[1] ? " depthwise" : " in \(geometry.groups) groups"
    }
    return text
  }
}

extension Extents {
  /// `2`, or `2×1` where axes differ; nothing where all are 1.
  fileprivate var words: String? {
    if list.allSatisfy({ $0 == 1 }) { return nil }
    return Set(list).count == 1
      ? "\(list[0])" : list.map(String.init).joined(separator: "×")
  }
}
