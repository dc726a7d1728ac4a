import CKernels
import FoveaTensor

extension Extreme: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let type = vertex.operandTypes[0]
    let lanes = Lanes(type.shape, axis: axis < 0 ? axis + type.rank : axis)
    switch type.elementType {
    case .float64: try emit(Double.self, lanes, vertex, into: plan)
    case .int32: try emit(Int32.self, lanes, vertex, into: plan)
    case .int64: try emit(Int64.self, lanes, vertex, into: plan)
    default: try emit(lanes, vertex, into: plan)
    }
    return true
  }

  private func emit(_ lanes: Lanes, _ vertex: LoweringVertex, into plan: PlanBuilder) throws {
    let source = try plan.plain(vertex.operands[0])
    let target = plan.allocate(vertex.result(0))
    let stage = FloatStage(vertex.operandTypes[0])
    let positions = stage.byteCount
    let scratch = plan.scratch(byteCount: positions + lanes.count * 8)
    let (from, to) = (BufferPlace(source), BufferPlace(target))
    let shape = lanes.kernelShape
    let kernel = kind == .argmax ? fk_argmax : fk_argmin
    plan.emit(
      name, kernel: "order", reads: [source], writes: [target], scratch: scratch,
      scope: vertex.scope
    ) { memory in
      let scratch = memory[BufferPlace(buffer: scratch)]
      let found = (scratch + positions).assumingMemoryBound(to: Int64.self)
      let numbers = stage.numbers(memory[from], scratch)
      var status = withUnsafePointer(to: shape) { kernel($0, found, numbers) }
      precondition(status == FK_OK, "a search that was prepared was refused")
      status = fk_convert(memory[to], FK_S32, found, FK_S64, Int64(lanes.count))
      precondition(status == FK_OK, "positions were refused")
    }
  }

  private func emit<Number: ExactNumber>(
    _: Number.Type, _ lanes: Lanes, _ vertex: LoweringVertex, into plan: PlanBuilder
  ) throws {
    let source = try plan.plain(vertex.operands[0])
    let target = plan.allocate(vertex.result(0))
    let (from, to) = (BufferPlace(source), BufferPlace(target))
    let wantsLargest = kind == .argmax
    plan.emit(
      name, kernel: ExactLowering.kernel, reads: [source], writes: [target], scope: vertex.scope
    ) { memory in
      let x = memory[from].assumingMemoryBound(to: Number.self)
      let y = memory[to].assumingMemoryBound(to: Int32.self)
      for lane in 0..<lanes.count {
        let start = lanes.start(lane)
        var (best, record) = (0, x[start].wide)
        for place in 1..<max(1, lanes.length) {
          let value = x[start + place * lanes.stride].wide
          let better = wantsLargest ? value > record : value < record
          // Only not-a-number differs from itself.
          if record == record, better || value != value { (best, record) = (place, value) }
        }
        y[lane] = Int32(best)
      }
    }
  }
}

extension Sort: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let type = vertex.operandTypes[0]
    let lanes = Lanes(type.shape, axis: axis < 0 ? axis + type.rank : axis)
    switch type.elementType {
    case .float64: try emit(Double.self, lanes, vertex, into: plan)
    case .int32: try emit(Int32.self, lanes, vertex, into: plan)
    case .int64: try emit(Int64.self, lanes, vertex, into: plan)
    default: try emit(lanes, vertex, into: plan)
    }
    return true
  }

  private func emit(_ lanes: Lanes, _ vertex: LoweringVertex, into plan: PlanBuilder) throws {
    let source = try plan.plain(vertex.operands[0])
    let writes = [plan.allocate(vertex.result(0)), plan.allocate(vertex.result(1))]
    let (from, to) = (BufferPlace(source), writes.map(BufferPlace.init))
    let (type, kept) = (vertex.operandTypes[0].elementType, vertex.types[0].shape.count)
    let stage = FloatStage(vertex.operandTypes[0])
    // Sections of the scratch memory: the operand, the sorted numbers, their positions.
    let sorted = stage.byteCount
    let positions = sorted + FloatStage.sectionByteCount(kept * 4)
    let scratch = plan.scratch(byteCount: positions + kept * 8)
    let (shape, k) = (lanes.kernelShape, Int64(kept / lanes.count))
    let order: Int32 = descending ? 1 : 0
    plan.emit(
      name, kernel: "order", reads: [source], writes: writes, scratch: scratch,
      scope: vertex.scope
    ) { memory in
      let scratch = memory[BufferPlace(buffer: scratch)]
      let numbers = stage.numbers(memory[from], scratch)
      let values = stage.isNeeded ? scratch + sorted : memory[to[0]]
      let found = (scratch + positions).assumingMemoryBound(to: Int64.self)
      var status = withUnsafePointer(to: shape) {
        fk_top($0, k, order, values.assumingMemoryBound(to: Float.self), found, numbers)
      }
      guard status == FK_OK else { fatalError("there is no memory left to sort in") }
      if stage.isNeeded {
        status = fk_convert(memory[to[0]], type.kernel, values, FK_F32, Int64(kept))
        precondition(status == FK_OK, "sorted numbers were refused")
      }
      status = fk_convert(memory[to[1]], FK_S32, found, FK_S64, Int64(kept))
      precondition(status == FK_OK, "positions were refused")
    }
  }

  private func emit<Number: ExactNumber>(
    _: Number.Type, _ lanes: Lanes, _ vertex: LoweringVertex, into plan: PlanBuilder
  ) throws {
    let source = try plan.plain(vertex.operands[0])
    let writes = [plan.allocate(vertex.result(0)), plan.allocate(vertex.result(1))]
    let (from, to) = (BufferPlace(source), writes.map(BufferPlace.init))
    let shape = vertex.types[0].shape
    let kept = Lanes(shape, axis: axis < 0 ? axis + shape.rank : axis)
    plan.emit(
      name, kernel: ExactLowering.kernel, reads: [source], writes: writes, scope: vertex.scope
    ) { memory in
      let x = memory[from].assumingMemoryBound(to: Number.self)
      let values = memory[to[0]].assumingMemoryBound(to: Number.self)
      let places = memory[to[1]].assumingMemoryBound(to: Int32.self)
      for lane in 0..<lanes.count {
        let line = lanes.positions(lane).map { x[$0].wide }
        let order = line.indices.sorted {
          if isBefore(line[$0], line[$1]) { return true }
          return isBefore(line[$1], line[$0]) ? false : $0 < $1
        }
        for (position, place) in zip(kept.positions(lane), order) {
          values[position] = Number.nearest(line[place])
          places[position] = Int32(place)
        }
      }
    }
  }

  private func isBefore<Number: Comparable>(_ a: Number, _ b: Number) -> Bool {
    let (low, high) = descending ? (b, a) : (a, b)
    return low < high || (high != high && low == low)
  }
}

extension Lanes {
  /// These lines in the kernels' words.
  var kernelShape: fk_axis_shape {
    fk_axis_shape(outer: Int64(count / stride), axis: Int64(length), inner: Int64(stride))
  }
}
