import CKernels
import FoveaTensor

/// Indices along one axis of a tensor, in the kernels' words.
struct IndexProblem {
  private(set) var shape = fk_index_shape()
  private let operation: String
  private let axis: Int
  private let indices: TensorType

  /// - Parameters:
  ///   - whole: the tensor that is pointed into.
  ///   - hasOwn: whether every element has an index of its own, rather than every part.
  init(
    _ operation: String, _ axis: Int, _ indices: TensorType, into whole: TensorType, hasOwn: Bool
  ) {
    self.operation = operation
    self.axis = axis < 0 ? axis + whole.rank : axis
    self.indices = indices
    let extents = whole.shape.extents
    shape.type = whole.elementType.kernel
    shape.index_type = indices.elementType.kernel
    shape.outer = Int64(extents[..<self.axis].reduce(1, *))
    shape.axis = Int64(extents[self.axis])
    shape.inner = Int64(extents[(self.axis + 1)...].reduce(1, *))
    shape.count = Int64(hasOwn ? indices.shape[self.axis] : indices.shape.count)
  }

  /// The parts outside of the axis, the indices, and the elements inside.
  var extents: (outer: Int, count: Int, inner: Int) {
    (Int(shape.outer), Int(shape.count), Int(shape.inner))
  }

  /// Throws what a kernel has found out about the indices.
  func check(_ position: Int64, _ memory: UnsafeRawPointer) throws {
    guard position != -1 else { return }
    precondition(position >= 0, "indices that were prepared were refused")
    throw IndexRefusal(
      operation: operation,
      position: indices.shape.strides.enumerated().map {
        Int(position) / $1 % indices.shape[$0]
      },
      index: index(memory, Int(position)), axis: axis, extent: Int(shape.axis))
  }

  /// Throws when an index points outside.
  func check(_ memory: UnsafeRawPointer) throws {
    for position in 0..<indices.shape.count {
      let index = index(memory, position)
      if index < 0 || index >= shape.axis { try check(Int64(position), memory) }
    }
  }

  func index(_ memory: UnsafeRawPointer, _ position: Int) -> Int {
    indices.elementType == .int32
      ? Int(memory.load(fromByteOffset: position * 4, as: Int32.self))
      : memory.load(fromByteOffset: position * 8, as: Int.self)
  }
}
