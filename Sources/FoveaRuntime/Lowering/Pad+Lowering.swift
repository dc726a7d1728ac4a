import CKernels
import FoveaCompiler
import FoveaTensor

extension Pad: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let (small, type) = (vertex.operandTypes[0].shape, vertex.types[0])
    let frame = plan.paddable(vertex.operands[0], small, self)
    guard let map = PadMap(self, small, type, in: frame) else { return false }
    let source = try plan.value(vertex.operands[0], in: frame)
    let target = try plan.allocate(vertex.result(0), in: frame)
    let (from, to) = (BufferPlace(source), BufferPlace(target))
    var around = 0.0
    if case .constant(let value) = surroundings { around = value }
    let constant = around
    plan.emit(name, kernel: "map", reads: [source], writes: [target], scope: vertex.scope) {
      memory in
      var element: UInt64 = 0
      TensorType([], type.elementType).store([constant], to: &element)
      let status = fk_map_copy(&map.shape, memory[to], memory[from], &element)
      precondition(status == FK_OK, "padding that was prepared was refused")
    }
    return true
  }
}

extension PadGradient: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let large = vertex.operandTypes[0]
    guard large.elementType == .float32 else { return false }
    let frame = plan.paddable(vertex.operands[0], large.shape, pad)
    guard let map = PadMap(pad, shape, large, in: frame) else { return false }
    let source = try plan.value(vertex.operands[0], in: frame)
    let target = try plan.allocate(vertex.result(0), in: frame)
    let (from, to) = (BufferPlace(source), BufferPlace(target))
    let byteCount = target.layout.byteCount(target.type)
    plan.emit(name, kernel: "map", reads: [source], writes: [target], scope: vertex.scope) {
      memory in
      memory[to].initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
      let status = fk_map_accumulate(
        &map.shape, memory[to].assumingMemoryBound(to: Float.self),
        memory[from].assumingMemoryBound(to: Float.self))
      precondition(status == FK_OK, "padding that was prepared was refused")
    }
    return true
  }
}

extension PlanBuilder {
  /// The arrangement of a value, if padding can go through it: blocks are not padded, and their
  /// spare lanes stay zero.
  fileprivate func paddable(_ value: Graph.Value, _ shape: Shape, _ pad: Pad) -> BlockFrame {
    let frame = frame(of: value)
    let isWhole = shape.extents.indices.allSatisfy {
      frame.blockSizes[$0] == 1 || (pad.low[$0] == 0 && pad.high[$0] == 0)
    }
    var keepsZero = true
    if case .constant(let value) = pad.surroundings { keepsZero = value == 0 }
    return isWhole && (keepsZero || !frame.hasPadding(shape))
      ? frame : BlockFrame(plain: shape.rank)
  }
}

/// Where every element of a padded tensor comes from, axis by axis.
private final class PadMap {
  var shape = fk_map_shape()
  private var maps: [UnsafeMutablePointer<Int64>] = []

  init?(_ pad: Pad, _ small: Shape, _ large: TensorType, in frame: BlockFrame) {
    let (inner, outer) = (frame.loops(small), frame.loops(large.shape))
    guard outer.count <= Int(FK_COPY_AXES) else { return nil }
    shape.type = large.elementType.kernel
    shape.rank = Int32(outer.count)
    Numbers.fill(&shape.y_extent, outer.map(\.extent))
    Numbers.fill(&shape.x_extent, inner.map(\.extent))
    Numbers.fill(&shape.x_stride, inner.map(\.stride))
    var pointers = [UnsafePointer<Int64>?](repeating: nil, count: outer.count)
    for (position, loop) in outer.enumerated() where frame.blockSizes[loop.axis] == 1 {
      let (low, high) = (pad.low[loop.axis], pad.high[loop.axis])
      if low == 0, high == 0 { continue }
      let map = UnsafeMutablePointer<Int64>.allocate(capacity: loop.extent)
      maps.append(map)
      pointers[position] = UnsafePointer(map)
      let status = fk_pad_map(
        map, Int64(small[loop.axis]), Int64(low), Int64(high), pad.surroundings.kernel)
      precondition(status == FK_OK, "padding that was checked was refused")
    }
    withUnsafeMutableBytes(of: &shape.map) { bytes in
      let target = bytes.bindMemory(to: UnsafePointer<Int64>?.self)
      for (position, pointer) in pointers.enumerated() { target[position] = pointer }
    }
  }

  deinit { for map in maps { map.deallocate() } }
}

extension Surroundings {
  fileprivate var kernel: fk_pad_mode {
    switch self {
    case .constant: FK_PAD_CONSTANT
    case .edge: FK_PAD_REPLICATE
    case .reflection: FK_PAD_REFLECT
    case .symmetry: FK_PAD_SYMMETRIC
    case .repetition: FK_PAD_CIRCULAR
    }
  }
}
