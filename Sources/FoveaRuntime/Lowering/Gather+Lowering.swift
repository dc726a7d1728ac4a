import CKernels
import FoveaTensor

extension Take: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let problem = IndexProblem(
      name, axis, vertex.operandTypes[1], into: vertex.operandTypes[0], hasOwn: false)
    let reads = [try plan.plain(vertex.operands[0]), try plan.plain(vertex.operands[1])]
    let target = plan.allocate(vertex.result(0))
    let (x, indices, y) = (BufferPlace(reads[0]), BufferPlace(reads[1]), BufferPlace(target))
    plan.emit(
      name, kernel: "gather", reads: reads, writes: [target], scope: vertex.scope, mayRefuse: true
    ) { memory in
      let outside = withUnsafePointer(to: problem.shape) {
        fk_gather($0, memory[y], memory[x], memory[indices])
      }
      try problem.check(outside, memory[indices])
    }
    return true
  }
}

extension Gather: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    var source = try plan.plain(vertex.operands[0])
    let part = reached(vertex.operandTypes[0], vertex.operandTypes[1])
    if part != vertex.operandTypes[0] {
      // The kernel wants indices for all of the other axes.
      let whole = BlockFrame(plain: part.rank).window(vertex.operandTypes[0].shape)
      let window = MemoryWindow(extents: part.shape.extents, strides: whole.strides)
      let own = BlockFrame(plain: part.rank).window(part.shape)
      guard let copy = StridedCopy(part.elementType, from: window, to: own) else { return false }
      let small = plan.allocate(part, .plain)
      plan.emit("slice", copy, from: source, to: small, scope: vertex.scope)
      source = small
    }
    let problem = IndexProblem(name, axis, vertex.operandTypes[1], into: part, hasOwn: true)
    let reads = [source, try plan.plain(vertex.operands[1])]
    let target = plan.allocate(vertex.result(0))
    let (x, indices, y) = (BufferPlace(reads[0]), BufferPlace(reads[1]), BufferPlace(target))
    plan.emit(
      name, kernel: "gather", reads: reads, writes: [target], scope: vertex.scope, mayRefuse: true
    ) { memory in
      let outside = withUnsafePointer(to: problem.shape) {
        fk_gather_elements($0, memory[y], memory[x], memory[indices])
      }
      try problem.check(outside, memory[indices])
    }
    return true
  }

  /// The part of a tensor that indices can reach: all of their axis, and of the others what they
  /// span.
  private func reached(_ whole: TensorType, _ indices: TensorType) -> TensorType {
    var shape = indices.shape
    shape[axis] = whole.shape[axis]
    return whole.with(shape: shape)
  }
}
