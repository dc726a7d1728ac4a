import CKernels
import FoveaTensor

extension TakeGradient: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let problem = IndexProblem(
      name, take.axis, vertex.operandTypes[1], into: vertex.types[0], hasOwn: false)
    let (outer, count, inner) = problem.extents
    let parts = Shape([outer, count, inner])
    let places = ScatterPlaces(
      base: IndexMap(parts, strides: [Int(problem.shape.axis) * inner, 0, 1]),
      index: IndexMap(parts, strides: [0, 1, 0]), stride: inner)
    return try Scatter.add(name, vertex, into: plan, problem, places, fk_scatter_add)
  }
}

extension ScatterAdd: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let (indices, whole) = (vertex.operandTypes[1], vertex.types[0])
    let problem = IndexProblem(name, axis, indices, into: whole, hasOwn: true)
    let places = ScatterPlaces(axis: axis, indices: indices.shape, into: whole.shape)
    // The kernel wants indices for all of the other axes.
    var spanned = indices.shape
    spanned[axis] = whole.shape[axis]
    return try Scatter.add(
      name, vertex, into: plan, problem, places,
      spanned == whole.shape ? fk_scatter_add_elements : nil)
  }
}

extension ScatterAssign: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    switch vertex.types[0].elementType.size {
    case 1: try emit(UInt8.self, vertex, into: plan)
    case 2: try emit(UInt16.self, vertex, into: plan)
    case 4: try emit(UInt32.self, vertex, into: plan)
    default: try emit(UInt64.self, vertex, into: plan)
    }
    return true
  }

  private func emit<Bits>(
    _: Bits.Type, _ vertex: LoweringVertex, into plan: PlanBuilder
  ) throws {
    let (indices, type) = (vertex.operandTypes[2], vertex.types[0])
    let problem = IndexProblem(name, axis, indices, into: type, hasOwn: true)
    let places = ScatterPlaces(axis: axis, indices: indices.shape, into: type.shape)
    let reads = try vertex.operands.map { try plan.plain($0) }
    let target = plan.allocate(vertex.result(0))
    let (from, to) = (reads.map(BufferPlace.init), BufferPlace(target))
    let count = indices.shape.count
    plan.emit(
      name, kernel: "scatter", reads: reads, writes: [target], scope: vertex.scope, mayRefuse: true
    ) { memory in
      let list = memory[from[2]]
      try problem.check(list)
      memory[to].copyMemory(from: memory[from[0]], byteCount: type.byteCount)
      let updates = memory[from[1]].assumingMemoryBound(to: Bits.self)
      let result = memory[to].assumingMemoryBound(to: Bits.self)
      for position in 0..<count {
        result[places.place(of: position, problem, list)] = updates[position]
      }
    }
  }
}

/// Where each element of what is scattered goes.
private struct ScatterPlaces {
  /// Where it would go if its index were 0.
  let base: IndexMap
  /// Where its index stands.
  let index: IndexMap
  /// How far apart neighbours along the axis are.
  let stride: Int

  init(base: IndexMap, index: IndexMap, stride: Int) {
    self.base = base
    self.index = index
    self.stride = stride
  }

  init(axis: Int, indices: Shape, into whole: Shape) {
    let axis = axis < 0 ? axis + whole.rank : axis
    var strides = whole.strides
    stride = strides[axis]
    strides[axis] = 0
    base = IndexMap(indices, strides: strides)
    index = IndexMap(indices, strides: indices.strides)
  }

  func place(of position: Int, _ problem: IndexProblem, _ list: UnsafeRawPointer) -> Int {
    base.source(of: position) + problem.index(list, index.source(of: position)) * stride
  }
}

/// Sums of what is scattered, from zeros.
private enum Scatter {
  typealias Kernel =
    @convention(c) (
      UnsafePointer<fk_index_shape>?, UnsafeMutablePointer<Float>?, UnsafePointer<Float>?,
      UnsafeRawPointer?
    ) -> Int64

  static func add(
    _ name: String, _ vertex: LoweringVertex, into plan: PlanBuilder, _ problem: IndexProblem,
    _ places: ScatterPlaces, _ kernel: Kernel?
  ) throws -> Bool {
    switch vertex.types[0].elementType {
    case .float32:
      guard let kernel else {
        try loop(Float.self, name, vertex, into: plan, problem, places)
        break
      }
      let byteCount = vertex.types[0].byteCount
      try emit(name, vertex, into: plan) { updates, list, sums in
        sums.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
        let outside = withUnsafePointer(to: problem.shape) {
          kernel(
            $0, sums.assumingMemoryBound(to: Float.self),
            updates.assumingMemoryBound(to: Float.self), list)
        }
        try problem.check(outside, list)
      }
    case .float64: try loop(Double.self, name, vertex, into: plan, problem, places)
    case .int32: try loop(Int32.self, name, vertex, into: plan, problem, places)
    case .int64: try loop(Int64.self, name, vertex, into: plan, problem, places)
    default: return false
    }
    return true
  }

  private static func loop<Number: ExactNumber>(
    _: Number.Type, _ name: String, _ vertex: LoweringVertex, into plan: PlanBuilder,
    _ problem: IndexProblem, _ places: ScatterPlaces
  ) throws {
    let byteCount = vertex.types[0].byteCount
    let count = vertex.operandTypes[0].shape.count
    try emit(name, vertex, into: plan) { updates, list, sums in
      try problem.check(list)
      sums.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
      let from = updates.assumingMemoryBound(to: Number.self)
      let to = sums.assumingMemoryBound(to: Number.self)
      for position in 0..<count {
        let place = places.place(of: position, problem, list)
        to[place] = Number.nearest(to[place].wide.applying(.add, from[position].wide))
      }
    }
  }

  private static func emit(
    _ name: String, _ vertex: LoweringVertex, into plan: PlanBuilder,
    _ body:
      @escaping (
        _ updates: UnsafeMutableRawPointer, _ list: UnsafeMutableRawPointer,
        _ sums: UnsafeMutableRawPointer
      ) throws -> Void
  ) throws {
    let reads = try vertex.operands.map { try plan.plain($0) }
    let target = plan.allocate(vertex.result(0))
    let (updates, list, to) = (BufferPlace(reads[0]), BufferPlace(reads[1]), BufferPlace(target))
    plan.emit(
      name, kernel: "scatter", reads: reads, writes: [target], scope: vertex.scope, mayRefuse: true
    ) { memory in try body(memory[updates], memory[list], memory[to]) }
  }
}
