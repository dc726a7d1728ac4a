import COneDNN
import FoveaTensor

extension ConvolutionTask {
  /// Adds the steps that compute a vertex of the graph, whose operands are this task's, then the
  /// bias and the residual; the gradient of a filter may have that of the bias as its second result.
  func lower(_ name: String, _ vertex: LoweringVertex, into plan: PlanBuilder) throws {
    var task = self
    task.read(vertex.operands, in: plan)
    task.isResultRead = plan.isOperand(vertex.result(0))
    let program = try plan.tuner.program(for: task)
    var reads: [(odn_arg, PlanValue)] = []
    for (operand, value) in zip(task.operands, vertex.operands) {
      let descriptor = try program.descriptor(operand.argument, of: task)
      reads.append((operand.argument, try plan.value(value, as: descriptor)))
    }
    var writes: [(odn_arg, PlanValue)] = []
    if hasBias {
      let descriptor = try program.descriptor(bias, of: task)
      if pass == .filter {
        writes.append((bias, plan.allocate(vertex.result(1), descriptor)))
      } else {
        reads.append((bias, try plan.value(vertex.operands[2], as: descriptor)))
      }
    }
    let layout = Layout(try program.descriptor(result, of: task), of: resultType)
    writes.append((result, try target(layout, reads, vertex, plan)))
    switch program {
    case .primitive(let primitive):
      try plan.emit(
        name, primitive, reads, writes, isAccumulating: hasResidual, scope: vertex.scope)
    case .small(let convolution):
      let scratch = plan.scratch(byteCount: convolution.scratchByteCount)
      let places =
        (reads + writes).map { BufferPlace($0.1) } + [BufferPlace(buffer: scratch)]
      plan.emit(
        name, kernel: SmallConvolution.name, reads: reads.map(\.1), writes: writes.map(\.1),
        scratch: scratch, scope: vertex.scope
      ) { memory in convolution.run { memory[places[$0]] } }
    case .tiles(let convolution):
      let filter = vertex.operands[1]
      reads[1].1 = plan.prepared(filter, as: convolution.filterForm) {
        convolution.transformed(reads[1].1, vertex, plan)
      }
      let scratch = plan.scratch(byteCount: convolution.scratchByteCount)
      let places = (reads + writes).map { BufferPlace($0.1) } + [BufferPlace(buffer: scratch)]
      plan.emit(
        name, kernel: TileConvolution.name,
        reads: (hasResidual ? reads + writes : reads).map(\.1), writes: writes.map(\.1),
        scratch: scratch, scope: vertex.scope
      ) { memory in convolution.run { memory[places[$0]] } }
    }
  }

  /// Memory for the result, holding the residual if there is one.
  private func target(
    _ layout: Layout, _ reads: [(odn_arg, PlanValue)], _ vertex: LoweringVertex,
    _ plan: PlanBuilder
  ) throws -> PlanValue {
    guard hasResidual else { return plan.allocate(vertex.result(0), layout) }
    let residual = vertex.operands[vertex.operands.count - 1]
    let value = try plan.value(residual, as: layout)
    if let taken = plan.takeOver(residual, as: layout, by: vertex.index),
      !reads.contains(where: { $0.1.buffer == taken.buffer })
    {
      plan.define(vertex.result(0), as: taken)
      return taken
    }
    return try plan.allocate(vertex.result(0), copying: value)
  }
}

extension TileConvolution {
  /// Adds the step that transforms a filter.
  fileprivate func transformed(
    _ filter: PlanValue, _ vertex: LoweringVertex, _ plan: PlanBuilder
  ) -> PlanValue {
    let value = plan.allocate(TensorType([filterByteCount / 4]), .plain)
    let (from, to) = (BufferPlace(filter), BufferPlace(value))
    plan.emit(
      "transform filter", kernel: TileConvolution.name, reads: [filter], writes: [value],
      scope: vertex.scope
    ) { transform($0[from], to: $0[to]) }
    return value
  }
}
