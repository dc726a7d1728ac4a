import FoveaCompiler
import FoveaTensor

/// Turns a graph into a plan.
enum Planner {
  /// - Parameters:
  ///   - inputLayouts: layouts that inputs already have; `nil` where a plain state may choose.
  ///   - resultCount: the first outputs are results, which are wanted plain.
  ///   - updates: for each further output, the input whose value it replaces.
  static func plan(
    _ graph: Graph, inputLayouts: [Layout?], resultCount: Int, updates: [Int]
  ) throws -> Plan {
    let builder = PlanBuilder(graph, inputLayouts: inputLayouts, updatedInputs: Set(updates))
    for (index, vertex) in graph.vertices.enumerated() {
      guard let operation = vertex.operation else { continue }
      let call = LoweringVertex(
        index: index, operands: vertex.operands, types: vertex.types,
        operandTypes: vertex.operands.map { graph.type(of: $0) }, scope: vertex.scope)
      let first = builder.steps.count
      let isLowered = try (operation as? any Lowerable)?.lower(call, into: builder) ?? false
      if !isLowered { try MeaningFallback.lower(operation, call, into: builder) }
      builder.attribute(to: vertex, operands: call.operandTypes, since: first)
    }
    var outputLayouts: [Layout] = []
    for index in graph.outputs.indices {
      let layout: Layout
      if index < resultCount {
        layout = .plain
      } else {
        let input = Graph.Value(graph.inputs[updates[index - resultCount]])
        layout = builder.settledLayout(of: input, following: graph.outputs[index])
      }
      try builder.finish(output: index, as: layout)
      outputLayouts.append(layout)
    }
    builder.markUpdates(from: resultCount)
    return Plan(
      builder, outputLayouts: outputLayouts, resultCount: resultCount, updates: updates)
  }
}
