import COneDNN
import FoveaTensor

/// A graph's value as a plan holds it: where it lies and how.
struct PlanValue {
  /// The buffer, and the offset in bytes into it.
  var buffer: Int
  var offset = 0
  var layout: Layout
  let type: TensorType

  /// The layout in oneDNN's words; `dims` overrides the shape where oneDNN wants other axes.
  func descriptor() throws(OneDNNError) -> Descriptor {
    switch layout {
    case .engine(let descriptor): return descriptor
    case .plain:
      guard let elementType = type.elementType.oneDNNStorage else { throw OneDNNError.noType(type) }
      let extents = type.shape.extents.isEmpty ? [1] : type.shape.extents
      return try .plain(elementType, extents)
    }
  }
}

/// Memory of a plan.
struct PlanBuffer {
  enum Home: Hashable {
    /// A stretch of the arena; its offset is found when the plan is complete.
    case arena
    /// Computed once from states that do not change, and kept.
    case constant
    /// The n-th input of the graph.
    case input(Int)
    /// The n-th output of the graph, in memory that outlives the run.
    case output(Int)
  }

  var home: Home
  var byteCount: Int
  /// Whether every run must write it, whatever it is computed from.
  var isFresh = false
  /// The buffer it is a part of, and where in it; such a buffer has no memory of its own.
  var whole: Place?

  struct Place: Hashable {
    let buffer: Int
    let offset: Int
  }
}

extension [PlanBuffer] {
  /// The memory in which a buffer lies, itself or what it is a part of, and where.
  func root(of buffer: Int) -> PlanBuffer.Place {
    var (root, offset) = (buffer, 0)
    while let whole = self[root].whole { (root, offset) = (whole.buffer, offset + whole.offset) }
    return PlanBuffer.Place(buffer: root, offset: offset)
  }
}
