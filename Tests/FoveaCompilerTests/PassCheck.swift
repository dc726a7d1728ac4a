import FoveaCompiler
import FoveaTensor

/// Runs a pass and compares what the graph computes before and after.
enum PassCheck {
  static func graph(_ tensors: [Tensor]) -> (graph: Graph, values: [HostArray]) {
    let order = topologicalOrder(of: tensors.map(\.node))
    let leaves = order.filter { $0.operation == nil }
    return (Graph(of: tensors, in: order), leaves.map { $0.values![0].plain().hostArray })
  }

  /// What differs; nothing when the pass is faithful. The graph after it comes back too.
  static func run(_ pass: Pass, on tensors: [Tensor]) -> (after: Graph, problems: [String]) {
    let (before, values) = graph(tensors)
    let after = pass.run(before)
    var problems = Verifier.problems(of: after)
    guard problems.isEmpty else { return (after, problems) }
    for (index, (old, new)) in zip(before.interpreted(values), after.interpreted(values))
      .enumerated()
    {
      for (a, b) in zip(old.scalars, new.scalars)
      where !(abs(a - b) <= 1e-5 * max(1, abs(a)) || (a.isNaN && b.isNaN)) {
        problems.append("output \(index): \(a) became \(b)")
        break
      }
    }
    return (after, problems)
  }
}

extension Graph {
  /// How many vertices have an operation of this type.
  func count<T: Operator>(_ type: T.Type) -> Int {
    vertices.filter { $0.operation is T }.count
  }
}
