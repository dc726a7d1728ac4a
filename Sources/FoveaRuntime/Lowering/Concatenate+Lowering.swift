import FoveaTensor

extension Concatenate: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let type = vertex.types[0]
    let axis = axis < 0 ? axis + type.rank : axis
    let frame = chooseFrame(vertex, plan, axis)
    var places: [(copy: StridedCopy, offset: Int?)] = []
    var start = [Int](repeating: 0, count: type.rank)
    let step = [Int](repeating: 1, count: type.rank)
    for operand in vertex.operandTypes {
      let part = frame.window(operand.shape)
      guard
        let place = frame.window(
          type.shape, start: start, size: operand.shape.extents, step: step),
        let copy = StridedCopy(type.elementType, from: part, to: place)
      else { return false }
      // A part without gaps may be computed there.
      places.append(
        (copy, part.isStretch(of: place) ? place.offset * type.elementType.size : nil))
      start[axis] += operand.shape[axis]
    }
    let parts = try vertex.operands.map { try plan.value($0, in: frame) }
    let target = try plan.allocate(vertex.result(0), in: frame)
    var copies: [(copy: StridedCopy, from: PlanValue)] = []
    for (part, place) in zip(parts, places) {
      if let offset = place.offset, plan.nest(part, in: target, at: offset) { continue }
      copies.append((place.copy, part))
    }
    guard !copies.isEmpty else { return true }
    let (from, to) = (copies.map { BufferPlace($0.from) }, BufferPlace(target))
    plan.emit(
      name, kernel: "copy", reads: copies.map(\.from), writes: [target], scope: vertex.scope
    ) { memory in
      for (copy, place) in zip(copies, from) { copy.copy.run(memory[place], to: memory[to]) }
    }
    return true
  }

  /// The arrangement of most of the memory that is read, among those in which every part but the
  /// last ends with a whole block.
  private func chooseFrame(
    _ vertex: LoweringVertex, _ plan: PlanBuilder, _ axis: Int
  ) -> BlockFrame {
    var best = BlockFrame(plain: vertex.types[0].rank)
    var most = 0
    let frames = vertex.operands.map { plan.frame(of: $0) }
    for candidate in frames {
      let votes = zip(frames, vertex.operandTypes).reduce(0) {
        $0 + ($1.0 == candidate ? $1.1.byteCount : 0)
      }
      guard votes > most,
        vertex.operandTypes.dropLast().allSatisfy({ !candidate.pads(axis, $0.shape) })
      else { continue }
      (best, most) = (candidate, votes)
    }
    return best
  }
}
