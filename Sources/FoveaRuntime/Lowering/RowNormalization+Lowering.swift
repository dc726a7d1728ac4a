import CKernels
import FoveaCompiler
import FoveaTensor

extension LayerNormalization: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let inner = parameterShape(of: vertex.operandTypes[0].shape).count
    let rows = vertex.operandTypes[0].shape.count / inner
    let epsilon = Float(epsilon)
    return try RowNormalization(epsilon: self.epsilon).forward(name, vertex, into: plan) {
      x, scale, shift, y, mean, reciprocal in
      fk_layer_norm(Int64(rows), Int64(inner), epsilon, x, scale, shift, y, mean, reciprocal)
    }
  }
}

extension LayerNormalizationGradient: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let shape = vertex.operandTypes[1].shape
    let inner = forward.parameterShape(of: shape).count
    let rows = shape.count / inner
    return try RowNormalization(epsilon: forward.epsilon).backward(
      name, vertex, into: plan,
      scratchByteCount: Int(fk_layer_norm_scratch(Int64(rows), Int64(inner)))
    ) { x, g, mean, reciprocal, scale, dx, dscale, dshift, scratch in
      fk_layer_norm_backward(
        Int64(rows), Int64(inner), x, g, mean, reciprocal, scale, dx, dscale, dshift, scratch)
    }
  }
}

extension GroupNormalization: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let image = ImageLayout.plain.flatImage(vertex.operandTypes[0].shape)
    let (groups, epsilon) = (Int64(groups), Float(epsilon))
    return try RowNormalization(epsilon: self.epsilon).forward(name, vertex, into: plan) {
      x, scale, shift, y, mean, reciprocal in
      fk_group_norm(image, groups, epsilon, x, scale, shift, y, mean, reciprocal)
    }
  }
}

extension GroupNormalizationGradient: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let image = ImageLayout.plain.flatImage(vertex.operandTypes[1].shape)
    let groups = Int64(forward.groups)
    return try RowNormalization(epsilon: forward.epsilon).backward(
      name, vertex, into: plan, scratchByteCount: Int(fk_group_norm_scratch(image))
    ) { x, g, mean, reciprocal, scale, dx, dscale, dshift, scratch in
      fk_group_norm_backward(
        image, groups, x, g, mean, reciprocal, scale, dx, dscale, dshift, scratch)
    }
  }
}

/// Normalisations of contiguous rows: row-major memory, and kernels that speak of
/// `1 / √(variance + ε)` where the operators speak of the variance.
private struct RowNormalization {
  let epsilon: Double

  typealias Forward = (
    _ x: UnsafePointer<Float>, _ scale: UnsafePointer<Float>, _ shift: UnsafePointer<Float>,
    _ y: UnsafeMutablePointer<Float>, _ mean: UnsafeMutablePointer<Float>,
    _ reciprocal: UnsafeMutablePointer<Float>
  ) -> Void

  typealias Backward = (
    _ x: UnsafePointer<Float>, _ g: UnsafePointer<Float>, _ mean: UnsafePointer<Float>,
    _ reciprocal: UnsafePointer<Float>, _ scale: UnsafePointer<Float>,
    _ dx: UnsafeMutablePointer<Float>, _ dscale: UnsafeMutablePointer<Float>,
    _ dshift: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutableRawPointer
  ) -> Void

  func forward(
    _ name: String, _ vertex: LoweringVertex, into plan: PlanBuilder, _ run: @escaping Forward
  ) throws -> Bool {
    guard vertex.operandTypes.allSatisfy({ $0.elementType == .float32 }) else { return false }
    var reads: [PlanValue] = []
    for operand in vertex.operands { reads.append(try plan.plain(operand)) }
    let writes = vertex.types.indices.map { plan.allocate(vertex.result($0)) }
    let (from, to) = (reads.map(BufferPlace.init), writes.map(BufferPlace.init))
    let count = vertex.types[2].shape.count
    let epsilon = epsilon
    plan.emit(
      name, kernel: "row norm", reads: reads, writes: writes, scope: vertex.scope
    ) { memory in
      let variance = memory.floats(to[2])
      run(
        memory.floats(from[0]), memory.floats(from[1]), memory.floats(from[2]),
        memory.floats(to[0]), memory.floats(to[1]), variance)
      for row in 0..<count {
        let reciprocal = Double(variance[row])
        variance[row] = Float(max(0, 1 / (reciprocal * reciprocal) - epsilon))
      }
    }
    return true
  }

  func backward(
    _ name: String, _ vertex: LoweringVertex, into plan: PlanBuilder, scratchByteCount: Int,
    _ run: @escaping Backward
  ) throws -> Bool {
    guard vertex.operandTypes.allSatisfy({ $0.elementType == .float32 }) else { return false }
    var reads: [PlanValue] = []
    for operand in vertex.operands { reads.append(try plan.plain(operand)) }
    let writes = vertex.types.indices.map { plan.allocate(vertex.result($0)) }
    let (from, to) = (reads.map(BufferPlace.init), writes.map(BufferPlace.init))
    let count = vertex.operandTypes[3].shape.count
    // The reciprocals lie behind what the kernel wants.
    let offset = MemoryPlan.rounded(scratchByteCount)
    let scratch = plan.scratch(byteCount: offset + count * MemoryLayout<Float>.size)
    let epsilon = epsilon
    plan.emit(
      name, kernel: "row norm", reads: reads, writes: writes, scratch: scratch,
      scope: vertex.scope
    ) { memory in
      let work = memory[BufferPlace(buffer: scratch)]
      let reciprocal = (work + offset).assumingMemoryBound(to: Float.self)
      let variance = memory.floats(from[3])
      for row in 0..<count {
        reciprocal[row] = Float(1 / (Double(variance[row]) + epsilon).squareRoot())
      }
      run(
        memory.floats(from[1]), memory.floats(from[0]), memory.floats(from[2]), reciprocal,
        memory.floats(from[4]), memory.floats(to[0]), memory.floats(to[1]), memory.floats(to[2]),
        work)
    }
    return true
  }
}
