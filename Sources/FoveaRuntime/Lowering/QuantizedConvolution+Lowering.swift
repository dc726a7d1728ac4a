import COneDNN
import FoveaCompiler
import FoveaTensor

extension QuantizedConvolution: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let problem = QuantizedProblem(self, vertex)
    // Layouts do not depend on the scales, which are part of the kernel and not known yet.
    let ones = [Float](repeating: 1, count: problem.channelCount)
    guard let model = try? problem.primitive(steps: ones, bias: hasBias ? ones : nil) else {
      return false
    }
    let x = try plan.value(vertex.operands[0], as: try model.descriptor(ODN_ARG_SRC))
    let w = try plan.value(vertex.operands[1], as: try model.descriptor(ODN_ARG_WEIGHTS))
    let y = try target(
      Layout(model.descriptor(ODN_ARG_DST), of: vertex.types[0]), [x], vertex, plan)
    let call = try kernel(problem, vertex, plan)
    var places = [BufferPlace(x), BufferPlace(w), BufferPlace(y)]
    var scratch: Int?
    if model.scratchByteCount > 0 {
      scratch = plan.scratch(byteCount: model.scratchByteCount)
      places.append(BufferPlace(buffer: scratch!))
    }
    plan.emit(
      name, kernel: model.implementation, reads: hasResidual ? [x, w, y] : [x, w], writes: [y],
      scratch: scratch, scope: vertex.scope
    ) { memory in
      for (slot, place) in places.enumerated() { call.primitive!.bind(slot, memory[place]) }
      try call.primitive!.run()
    }
    return true
  }

  /// Adds the step that compiles the kernel, which runs when the filter is new.
  private func kernel(
    _ problem: QuantizedProblem, _ vertex: LoweringVertex, _ plan: PlanBuilder
  ) throws -> QuantizedCall {
    var reads = [try plan.plain(vertex.operands[2])]
    if hasBias { reads.append(try plan.plain(vertex.operands[3])) }
    let places = reads.map { BufferPlace($0) }
    let call = QuantizedCall()
    let count = problem.channelCount
    plan.emit("scales", kernel: "compile", reads: reads, writes: [], scope: vertex.scope) {
      memory in
      let numbers = places.map {
        Array(UnsafeBufferPointer(start: memory.floats($0), count: count))
      }
      let primitive = try problem.primitive(
        steps: numbers[0], bias: numbers.count > 1 ? numbers[1] : nil)
      var arguments = [ODN_ARG_SRC, ODN_ARG_WEIGHTS, ODN_ARG_DST]
      if primitive.scratchByteCount > 0 { arguments.append(ODN_ARG_SCRATCHPAD) }
      call.primitive = try PrimitiveCall(primitive, arguments.map { Int32($0.rawValue) })
    }
    return call
  }

  /// Memory for the result, holding the residual if there is one.
  private func target(
    _ layout: Layout, _ reads: [PlanValue], _ vertex: LoweringVertex, _ plan: PlanBuilder
  ) throws -> PlanValue {
    guard hasResidual else { return plan.allocate(vertex.result(0), layout) }
    let residual = vertex.operands[vertex.operands.count - 1]
    // The same bytes, read as another kind of number.
    let own = try layout.retyped(vertex.operandTypes[vertex.operands.count - 1])
    let value = try plan.value(residual, as: own)
    if let taken = plan.takeOver(residual, as: own, by: vertex.index),
      !reads.contains(where: { $0.buffer == taken.buffer })
    {
      return plan.define(vertex.result(0), as: taken, at: 0, layout)
    }
    return try plan.allocate(vertex.result(0), copying: value, layout)
  }
}

/// A kernel that is compiled when the plan first runs.
private final class QuantizedCall {
  var primitive: PrimitiveCall?
}

extension Layout {
  /// The same order of elements for another kind of number.
  fileprivate func retyped(_ type: TensorType) throws(OneDNNError) -> Layout {
    guard case .engine(let descriptor) = self else { return .plain }
    return Layout(try descriptor.retyped(type.elementType), of: type)
  }
}
