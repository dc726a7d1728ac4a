package import FoveaTensor

/// Copies a graph vertex by vertex, saying for each what takes its place.
///
/// A pass never edits in place: what it has not copied yet is still what it was.
package struct GraphRewriter {
  package let source: Graph
  package private(set) var target = Graph()
  /// Where the results of source vertices have gone.
  private var moved: [[Graph.Value]]

  package init(_ source: Graph) {
    self.source = source
    moved = []
    moved.reserveCapacity(source.vertices.count)
    target.vertices.reserveCapacity(source.vertices.count)
  }

  /// Visits every vertex; `replace` gives the values in the target that stand for its results, or
  /// `nil` to copy it.
  package static func rewrite(
    _ source: Graph,
    _ replace: (inout GraphRewriter, Int, Graph.Vertex, [Graph.Value]) throws -> [Graph.Value]?
  ) rethrows -> Graph {
    var rewriter = GraphRewriter(source)
    for (index, vertex) in source.vertices.enumerated() {
      let operands = vertex.operands.map { rewriter.place(of: $0) }
      if vertex.operation != nil,
        let values = try replace(&rewriter, index, vertex, operands)
      {
        rewriter.moved.append(values)
      } else {
        rewriter.copy(vertex, operands)
      }
    }
    rewriter.target.outputs = source.outputs.map { rewriter.place(of: $0) }
    return rewriter.target
  }

  /// Where a value of the source is now.
  package func place(of value: Graph.Value) -> Graph.Value {
    moved[value.vertex][value.result]
  }

  /// Adds a vertex to the target.
  package mutating func add(
    _ operation: any Operator, _ operands: [Graph.Value], scope: RecordingScope?
  ) -> [Graph.Value] {
    do {
      let vertex = try target.append(operation, operands, scope: scope)
      return target.vertices[vertex].types.indices.map { Graph.Value(vertex, $0) }
    } catch {
      preconditionFailure("a pass recorded what the operator refuses: \(error)")
    }
  }

  private mutating func copy(_ vertex: Graph.Vertex, _ operands: [Graph.Value]) {
    var copied = vertex
    copied.operands = operands
    if vertex.operation == nil { target.inputs.append(target.vertices.count) }
    moved.append(vertex.types.indices.map { Graph.Value(target.vertices.count, $0) })
    target.vertices.append(copied)
  }
}
