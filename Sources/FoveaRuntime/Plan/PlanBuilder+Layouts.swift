import FoveaCompiler

extension PlanBuilder {
  /// The value as a primitive wants it.
  func value(_ value: Graph.Value, as descriptor: Descriptor) throws -> PlanValue {
    try self.value(value, as: Layout(descriptor, of: graph.type(of: value)))
  }

  /// The layout a state and its next value share. A state nobody asked for takes that of its next
  /// value, so that an update needs no reorder.
  func settledLayout(of input: Graph.Value, following next: Graph.Value) -> Layout {
    if let known = layout(of: input) { return known }
    let layout = self.layout(of: next) ?? .plain
    _ = try? value(input, as: layout)
    return layout
  }
}
