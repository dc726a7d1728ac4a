import CKernels
import FoveaTensor

extension Fill: Lowerable {
  /// Most constants are part of the instructions that use them: memory is written only when
  /// something asks for it.
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let type = vertex.types[0]
    var everywhere = fk_copy_shape()
    everywhere.rank = 1
    Numbers.fill(&everywhere.extent, [type.shape.count])
    Numbers.fill(&everywhere.to_stride, [1])
    let shape = everywhere
    plan.postpone(vertex.result(0)) { plan in
      let target = plan.allocate(vertex.result(0))
      let place = BufferPlace(target)
      plan.emit(
        name, kernel: "fill", reads: [], writes: [target], scope: vertex.scope
      ) { memory in
        var element = (0 as UInt64)
        TensorType([], type.elementType).store([value], to: &element)
        let status = withUnsafePointer(to: shape) {
          fk_fill($0, memory[place], type.elementType.kernel, &element)
        }
        precondition(status == FK_OK, "a constant that was prepared was refused")
      }
    }
    return true
  }
}

extension Iota: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let target = plan.allocate(vertex.result(0))
    let place = BufferPlace(target)
    plan.emit(name, kernel: "count", reads: [], writes: [target], scope: vertex.scope) { memory in
      let lanes = Lanes(type.shape, axis: axis < 0 ? axis + type.rank : axis)
      let period = (0..<lanes.length).flatMap {
        [Double](repeating: Double($0), count: lanes.stride)
      }
      let once = TensorType([period.count], type.elementType)
      for start in stride(from: 0, to: type.shape.count, by: period.count) {
        once.store(period, to: memory[place] + start * type.elementType.size)
      }
    }
    return true
  }
}
