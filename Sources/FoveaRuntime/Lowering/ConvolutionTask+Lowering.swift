import COneDNN
import FoveaTensor

extension ConvolutionTask {
  /// Adds the steps that compute a vertex of the graph, whose operands are this task's, then the
  /// bias and the residual.
  func lower(_ name: String, _ vertex: LoweringVertex, into plan: PlanBuilder) throws {
    var task = self
    task.read(vertex.operands, in: plan)
    let primitive = try plan.tuner.primitive(for: task)
    var reads: [(odn_arg, PlanValue)] = []
    for (operand, value) in zip(task.operands, vertex.operands) {
      let descriptor = try primitive.descriptor(operand.argument)
      if descriptor.kind == ODN_LAYOUT_OPAQUE {
        // A transformed filter is a constant for this step alone: the state itself stays readable.
        let transformed = plan.allocate(operand.type, .engine(descriptor))
        try plan.reorder(try plan.plain(value), to: transformed)
        reads.append((operand.argument, transformed))
      } else {
        reads.append((operand.argument, try plan.value(value, as: descriptor)))
      }
    }
    if hasBias {
      let descriptor = try primitive.descriptor(ODN_ARG_BIAS)
      reads.append((ODN_ARG_BIAS, try plan.value(vertex.operands[2], as: descriptor)))
    }
    let layout = Layout(try primitive.descriptor(result), of: resultType)
    let target: PlanValue
    if hasResidual {
      let residual = vertex.operands[vertex.operands.count - 1]
      let value = try plan.value(residual, as: layout)
      if let taken = plan.takeOver(residual, as: layout, by: vertex.index),
        !reads.contains(where: { $0.1.buffer == taken.buffer })
      {
        plan.define(vertex.result(0), as: taken)
        target = taken
      } else {
        target = try plan.allocate(vertex.result(0), copying: value)
      }
    } else {
      target = plan.allocate(vertex.result(0), layout)
    }
    try plan.emit(
      name, primitive, reads, [(result, target)], isAccumulating: hasResidual,
      scope: vertex.scope)
  }
}
