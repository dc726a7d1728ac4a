import CKernels
import FoveaTensor

extension CumulativeSum: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let type = vertex.types[0]
    let lanes = Lanes(type.shape, axis: axis < 0 ? axis + type.rank : axis)
    guard type.elementType == .float32 else {
      return try RunningLoop.lower(
        name, vertex, into: plan, lanes, .add, from: 0, isReversed: isReversed,
        isExclusive: isExclusive)
    }
    let source = try plan.plain(vertex.operands[0])
    let target = plan.allocate(vertex.result(0))
    let (from, to) = (BufferPlace(source), BufferPlace(target))
    let (reversed, exclusive): (Int32, Int32) = (isReversed ? 1 : 0, isExclusive ? 1 : 0)
    plan.emit(
      name, kernel: "running sum", reads: [source], writes: [target], scope: vertex.scope
    ) { memory in
      let status = withUnsafePointer(to: lanes.kernelShape) {
        fk_cumulative_sum(
          $0, memory[to].assumingMemoryBound(to: Float.self),
          memory[from].assumingMemoryBound(to: Float.self), reversed, exclusive)
      }
      precondition(status == FK_OK, "sums that were prepared were refused")
    }
    return true
  }
}

extension CumulativeProduct: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let shape = vertex.types[0].shape
    let lanes = Lanes(shape, axis: axis < 0 ? axis + shape.rank : axis)
    return try RunningLoop.lower(name, vertex, into: plan, lanes, .multiply, from: 1)
  }
}

/// Running results along lines, as a plain loop in wide numbers.
private enum RunningLoop {
  static func lower(
    _ name: String, _ vertex: LoweringVertex, into plan: PlanBuilder, _ lanes: Lanes,
    _ function: Binary.Function, from start: Double, isReversed: Bool = false,
    isExclusive: Bool = false
  ) throws -> Bool {
    func emit<Number: ExactNumber>(_: Number.Type) throws {
      let source = try plan.plain(vertex.operands[0])
      let target = plan.allocate(vertex.result(0))
      let (from, to) = (BufferPlace(source), BufferPlace(target))
      plan.emit(
        name, kernel: ExactLowering.kernel, reads: [source], writes: [target],
        scope: vertex.scope
      ) { memory in
        let x = memory[from].assumingMemoryBound(to: Number.self)
        let y = memory[to].assumingMemoryBound(to: Number.self)
        for lane in 0..<lanes.count {
          let first = lanes.start(lane)
          var result = Number.Wide.rounding(start)
          for step in 0..<lanes.length {
            let place = first + (isReversed ? lanes.length - 1 - step : step) * lanes.stride
            let before = result
            result = result.applying(function, x[place].wide)
            y[place] = Number.nearest(isExclusive ? before : result)
          }
        }
      }
    }
    switch vertex.types[0].elementType {
    case .float32: try emit(Float.self)
    case .float64: try emit(Double.self)
    case .int32: try emit(Int32.self)
    case .int64: try emit(Int64.self)
    default: return false
    }
    return true
  }
}
