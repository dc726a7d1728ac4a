import FoveaCompiler
import FoveaTensor

/// An operator with a fast form.
///
/// A conformance lives in its own file here, far from the operator's meaning; the planner finds it
/// with `as? any Lowerable`. What has none is computed by its meaning.
protocol Lowerable {
  /// Adds the steps that compute `vertex`, or gives `false` when this case has no fast form.
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool
}

/// The vertex being lowered.
struct LoweringVertex {
  let index: Int
  let operands: [Graph.Value]
  let types: [TensorType]
  let operandTypes: [TensorType]
  let scope: RecordingScope?

  func result(_ index: Int) -> Graph.Value { Graph.Value(self.index, index) }
}
