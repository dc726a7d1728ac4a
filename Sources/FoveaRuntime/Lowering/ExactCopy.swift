import CKernels
import FoveaTensor

/// Element-wise operators that only move or convert elements, for kinds of numbers that chains do
/// not hold.
enum ExactCopy {
  static func expand(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let type = vertex.types[0]
    let from = MemoryWindow(
      extents: type.shape.extents,
      strides: Broadcast(vertex.operandTypes[0].shape, to: type.shape).strides)
    let to = BlockFrame(plain: type.rank).window(type.shape)
    guard let copy = StridedCopy(type.elementType, from: from, to: to) else { return false }
    let source = try plan.plain(vertex.operands[0])
    plan.emit(
      "expand", copy, from: source, to: plan.allocate(vertex.result(0)), scope: vertex.scope)
    return true
  }

  static func cast(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let (from, to) = (vertex.operandTypes[0].elementType, vertex.types[0].elementType)
    let source = try plan.plain(vertex.operands[0])
    let target = plan.allocate(vertex.result(0))
    let (place, result) = (BufferPlace(source), BufferPlace(target))
    let count = vertex.types[0].shape.count
    // The kernel converts whole numbers exactly, and everything else by way of `Float`.
    let isExact = !from.isFloatingPoint && !to.isFloatingPoint
    plan.emit(
      "cast", kernel: ExactLowering.kernel, reads: [source], writes: [target], scope: vertex.scope
    ) { memory in
      if isExact {
        let status = fk_convert(
          memory[result], to.kernel, memory[place], from.kernel, Int64(count))
        precondition(status == FK_OK, "a cast that was prepared was refused")
        return
      }
      // In pieces, so that the numbers in between stay in the cache.
      for start in Swift.stride(from: 0, to: count, by: 1024) {
        let piece = TensorType([Swift.min(1024, count - start)], from)
        let numbers = piece.load(from: memory[place] + start * from.size)
        piece.with(to).store(numbers, to: memory[result] + start * to.size)
      }
    }
    return true
  }

  static func select(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    switch vertex.types[0].elementType.size {
    case 4: try select(UInt32.self, vertex, into: plan)
    case 8: try select(UInt64.self, vertex, into: plan)
    default: return false
    }
    return true
  }

  private static func select<Bits>(
    _: Bits.Type, _ vertex: LoweringVertex, into plan: PlanBuilder
  ) throws {
    let reads = try vertex.operands.map { try plan.plain($0) }
    let target = plan.allocate(vertex.result(0))
    let (from, to) = (reads.map(BufferPlace.init), BufferPlace(target))
    let loops = StridedLoops(
      vertex.types[0].shape, broadcasting: vertex.operandTypes.map(\.shape))
    plan.emit(
      "select", kernel: ExactLowering.kernel, reads: reads, writes: [target], scope: vertex.scope
    ) { memory in
      let condition = memory[from[0]].assumingMemoryBound(to: UInt8.self)
      let x = memory[from[1]].assumingMemoryBound(to: Bits.self)
      let y = memory[from[2]].assumingMemoryBound(to: Bits.self)
      let z = memory[to].assumingMemoryBound(to: Bits.self)
      let strides = (loops.rowStride(1), loops.rowStride(2), loops.rowStride(3))
      loops.forEachRow { start in
        for index in 0..<loops.rowLength {
          z[start[0] + index] =
            condition[start[1] + index * strides.0] != 0
            ? x[start[2] + index * strides.1] : y[start[3] + index * strides.2]
        }
      }
    }
  }
}
