import FoveaTensor

/// Element-wise operators on numbers that chains would lose digits of, and casts to and from them:
/// plain loops over row-major memory.
enum ExactLowering {
  static let kernel = "exact"

  static func lower(
    _ operation: any ElementwiseOperator, _ vertex: LoweringVertex, into plan: PlanBuilder
  ) throws -> Bool {
    switch operation {
    case is Expand: return try ExactCopy.expand(vertex, into: plan)
    case is Cast: return try ExactCopy.cast(vertex, into: plan)
    case is Select: return try ExactCopy.select(vertex, into: plan)
    default: break
    }
    return switch vertex.operandTypes[0].elementType {
    case .float64: try lower(operation, on: Double.self, vertex, into: plan)
    case .int32: try lower(operation, on: Int32.self, vertex, into: plan)
    case .int64: try lower(operation, on: Int64.self, vertex, into: plan)
    default: false
    }
  }

  private static func lower<Number: ExactNumber>(
    _ operation: any ElementwiseOperator, on number: Number.Type, _ vertex: LoweringVertex,
    into plan: PlanBuilder
  ) throws -> Bool {
    let name = operation.name
    switch operation {
    case let operation as Unary:
      let function = operation.function
      try emit(name, vertex, into: plan) { (x: Number) in
        Number.nearest(x.wide.applying(function))
      }
    case let operation as Clamp:
      let (lowest, highest) = (operation.lowest, operation.highest)
      try emit(name, vertex, into: plan) { (x: Number) in
        let number = x.wide.number
        if number < lowest { return Number.nearest(Number.Wide.rounding(lowest)) }
        return number > highest ? Number.nearest(Number.Wide.rounding(highest)) : x
      }
    case let operation as Binary:
      let function = operation.function
      try emit(name, vertex, into: plan) { (x: Number, y: Number) in
        Number.nearest(x.wide.applying(function, y.wide))
      }
    case let operation as Comparison:
      let holds = operation.relation.test(of: Number.Wide.self)
      try emit(name, vertex, into: plan) { (x: Number, y: Number) in holds(x.wide, y.wide) }
    default: return false
    }
    return true
  }

  private static func emit<Number, Result>(
    _ name: String, _ vertex: LoweringVertex, into plan: PlanBuilder,
    _ body: @escaping (Number) -> Result
  ) throws {
    let source = try plan.plain(vertex.operands[0])
    let target = plan.allocate(vertex.result(0))
    let (from, to) = (BufferPlace(source), BufferPlace(target))
    let count = vertex.types[0].shape.count
    plan.emit(
      name, kernel: kernel, reads: [source], writes: [target], scope: vertex.scope
    ) { memory in
      let x = memory[from].assumingMemoryBound(to: Number.self)
      let y = memory[to].assumingMemoryBound(to: Result.self)
      for index in 0..<count { y[index] = body(x[index]) }
    }
  }

  private static func emit<Number, Result>(
    _ name: String, _ vertex: LoweringVertex, into plan: PlanBuilder,
    _ body: @escaping (Number, Number) -> Result
  ) throws {
    let reads = try vertex.operands.map { try plan.plain($0) }
    let target = plan.allocate(vertex.result(0))
    let (left, right, to) = (BufferPlace(reads[0]), BufferPlace(reads[1]), BufferPlace(target))
    let loops = StridedLoops(
      vertex.types[0].shape, broadcasting: vertex.operandTypes.map(\.shape))
    plan.emit(
      name, kernel: kernel, reads: reads, writes: [target], scope: vertex.scope
    ) { memory in
      let x = memory[left].assumingMemoryBound(to: Number.self)
      let y = memory[right].assumingMemoryBound(to: Number.self)
      let z = memory[to].assumingMemoryBound(to: Result.self)
      let (forX, forY) = (loops.rowStride(1), loops.rowStride(2))
      loops.forEachRow { start in
        for index in 0..<loops.rowLength {
          z[start[0] + index] = body(x[start[1] + index * forX], y[start[2] + index * forY])
        }
      }
    }
  }
}

extension Comparison.Relation {
  fileprivate func test<Number: Comparable>(of: Number.Type) -> (Number, Number) -> Bool {
    switch self {
    case .equal: { $0 == $1 }
    case .notEqual: { $0 != $1 }
    case .less: { $0 < $1 }
    case .lessOrEqual: { $0 <= $1 }
    case .greater: { $0 > $1 }
    case .greaterOrEqual: { $0 >= $1 }
    }
  }
}
