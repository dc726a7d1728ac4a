import FoveaTensor

/// What has no fast form is computed by its meaning: slow, and right.
enum MeaningFallback {
  static let kernel = "meaning"

  static func lower(
    _ operation: any Operator, _ vertex: LoweringVertex, into plan: PlanBuilder
  ) throws {
    var reads: [PlanValue] = []
    for operand in vertex.operands { reads.append(try plan.plain(operand)) }
    let writes = vertex.types.indices.map { plan.allocate(vertex.result($0)) }
    let (from, to) = (reads.map(BufferPlace.init), writes.map(BufferPlace.init))
    let (operandTypes, types) = (vertex.operandTypes, vertex.types)
    plan.emit(
      operation.name, kernel: kernel, reads: reads, writes: writes, scope: vertex.scope
    ) { memory in
      let operands = zip(from, operandTypes).map { HostArray($1, $1.load(from: memory[$0])) }
      let results = Interpreter.results(of: operation, operands, types: types)
      for (place, result) in zip(to, results) {
        result.type.store(result.scalars, to: memory[place])
      }
    }
  }
}
