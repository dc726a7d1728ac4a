import CKernels
import FoveaCompiler
import FoveaTensor

extension LocalResponseNormalization: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    guard vertex.types[0].elementType == .float32 else { return false }
    let norm = problem(vertex.types[0].shape)
    let x = try plan.plain(vertex.operands[0])
    let y = plan.allocate(vertex.result(0))
    let (from, to) = (BufferPlace(x), BufferPlace(y))
    plan.emit(name, kernel: "response", reads: [x], writes: [y], scope: vertex.scope) { memory in
      fk_local_response_norm(norm, memory.floats(from), memory.floats(to))
    }
    return true
  }

  fileprivate func problem(_ shape: Shape) -> fk_local_response {
    fk_local_response(
      image: ImageLayout.plain.flatImage(shape), size: Int64(size), alpha: Float(alpha),
      beta: Float(beta), k: Float(k))
  }
}

extension LocalResponseNormalizationGradient: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    guard vertex.types[0].elementType == .float32 else { return false }
    let norm = forward.problem(vertex.types[0].shape)
    let g = try plan.plain(vertex.operands[0])
    let x = try plan.plain(vertex.operands[1])
    let dx = plan.allocate(vertex.result(0))
    let (fromG, fromX, to) = (BufferPlace(g), BufferPlace(x), BufferPlace(dx))
    plan.emit(
      name, kernel: "response", reads: [g, x], writes: [dx], scope: vertex.scope
    ) { memory in
      fk_local_response_norm_backward(
        norm, memory.floats(fromX), memory.floats(fromG), memory.floats(to))
    }
    return true
  }
}
