import FoveaTensor

extension Reshape: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let (operand, shape) = (vertex.operands[0], vertex.operandTypes[0].shape)
    guard let layout = plan.layout(of: operand), layout != .plain,
      let frame = BlockFrame(layout, shape), frame.isRowMajor(shape, logical: shape.strides)
    else {
      plan.define(vertex.result(0), as: try plan.plain(operand))
      return true
    }
    // One pixel per image, as behind a global pool: whatever the layout is called, it is a row.
    var value = plan.value(operand)
    value.layout = .plain
    plan.define(vertex.result(0), as: value)
    return true
  }
}

extension Transpose: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let (operand, type) = (vertex.operands[0], vertex.types[0])
    let shape = vertex.operandTypes[0].shape
    var frame = plan.frame(of: operand)
    if frame.hasPadding(shape) { frame = BlockFrame(plain: shape.rank) }
    let source = try plan.value(operand, in: frame)
    // How far each axis of the operand moves in the result.
    var strides = [Int](repeating: 0, count: shape.rank)
    for (axis, stride) in type.shape.strides.enumerated() { strides[order[axis]] = stride }
    if frame.isRowMajor(shape, logical: strides) {
      var view = source
      view.layout = .plain
      plan.define(vertex.result(0), as: view)
      return true
    }
    let from = frame.window(shape)
    let to = MemoryWindow(
      extents: from.extents, strides: frame.loops(shape).map { strides[$0.axis] * $0.by })
    guard let copy = StridedCopy(type.elementType, from: from, to: to) else { return false }
    let target = plan.allocate(vertex.result(0))
    plan.emit(name, copy, from: source, to: target, scope: vertex.scope)
    return true
  }
}

extension Reverse: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let shape = vertex.types[0].shape
    let axes = Set(axes.map { $0 < 0 ? $0 + shape.rank : $0 })
    let extents = shape.extents
    return try PartLowering.lower(
      name, vertex, into: plan,
      start: extents.indices.map { axes.contains($0) ? extents[$0] - 1 : 0 },
      step: extents.indices.map { axes.contains($0) ? -1 : 1 })
  }
}

extension Slice: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    // A step past the end is as good as any.
    let size = vertex.types[0].shape.extents
    let step = zip(step, size).map { $1 == 1 ? 1 : $0 }
    return try PartLowering.lower(name, vertex, into: plan, start: start, step: step)
  }
}

/// Parts of a tensor, in the layout the tensor has.
private enum PartLowering {
  static func lower(
    _ name: String, _ vertex: LoweringVertex, into plan: PlanBuilder, start: [Int], step: [Int]
  ) throws -> Bool {
    let operand = vertex.operands[0]
    let (whole, type) = (vertex.operandTypes[0].shape, vertex.types[0])
    let own = plan.frame(of: operand)
    for frame in own.isPlain ? [own] : [own, BlockFrame(plain: whole.rank)] {
      // Lanes behind the part must hold zeros: it ends with a block, or where the tensor ends.
      let isClean = whole.extents.indices.allSatisfy {
        !frame.pads($0, type.shape) || start[$0] + type.shape[$0] == whole[$0]
      }
      guard isClean,
        let from = frame.window(whole, start: start, size: type.shape.extents, step: step),
        let copy = StridedCopy(type.elementType, from: from, to: frame.window(type.shape))
      else { continue }
      let source = try plan.value(operand, in: frame)
      let offset = from.offset * type.elementType.size
      if offset % 64 == 0, frame.window(type.shape).isStretch(of: from) {
        plan.define(vertex.result(0), as: source, at: offset, try frame.layout(type))
        return true
      }
      let target = try plan.allocate(vertex.result(0), in: frame)
      plan.emit(name, copy, from: source, to: target, scope: vertex.scope)
      return true
    }
    return false
  }
}

extension SliceGradient: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let operand = vertex.operands[0]
    let (part, type) = (vertex.operandTypes[0].shape, vertex.types[0])
    let step = zip(slice.step, part.extents).map { $1 == 1 ? 1 : $0 }
    let own = plan.frame(of: operand)
    for frame in own.isPlain ? [own] : [own, BlockFrame(plain: part.rank)] {
      guard
        let to = frame.window(type.shape, start: slice.start, size: part.extents, step: step),
        let copy = StridedCopy(type.elementType, from: frame.window(part), to: to)
      else { continue }
      let source = try plan.value(operand, in: frame)
      let target = try plan.allocate(vertex.result(0), in: frame)
      let (from, place) = (BufferPlace(source), BufferPlace(target))
      let byteCount = target.layout.byteCount(type)
      plan.emit(
        name, kernel: "copy", reads: [source], writes: [target], scope: vertex.scope
      ) { memory in
        memory[place].initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
        copy.run(memory[from], to: memory[place])
      }
      return true
    }
    return false
  }
}

extension BlockFrame {
  /// Whether memory is, element by element, that of a row-major tensor whose neighbours along each
  /// axis lie `logical` elements apart.
  func isRowMajor(_ shape: Shape, logical: [Int]) -> Bool {
    !hasPadding(shape)
      && loops(shape).allSatisfy { $0.extent == 1 || $0.stride == logical[$0.axis] * $0.by }
  }
}
