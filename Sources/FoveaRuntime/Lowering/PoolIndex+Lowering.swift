import CKernels
import FoveaCompiler
import FoveaTensor

extension PoolScatter: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let type = vertex.operandTypes[0]
    guard let half = type.elementType.isHalfForPools,
      vertex.operandTypes[1].elementType == .int32, image.planeFitsIndices
    else { return false }
    let geometry = maximumPool(vertex, plan)
    // Sums in 16 bits would lose what is added; only windows of a pool are gathered without them.
    if collisions == .add, geometry == nil, half != 0 { return false }
    let layout = ImageLayout.preferred(
      [vertex.operands[1], vertex.operands[0]], in: plan, lanes: true)
    let g = try plan.value(vertex.operands[0], as: layout.layout(type))
    let index = try plan.value(vertex.operands[1], as: layout.layout(vertex.operandTypes[1]))
    let x = plan.allocate(vertex.result(0), try layout.layout(vertex.types[0]))
    let (from, at, to) = (BufferPlace(g), BufferPlace(index), BufferPlace(x))
    let large = layout.image(image)
    if collisions == .add, let geometry {
      let pool = geometry.problem(large, windows: type.shape)
      plan.emit(
        name, kernel: "pool", reads: [g, index], writes: [x], scope: vertex.scope
      ) { memory in
        fk_max_pool_backward(pool, half, memory[from], memory.integers(at), memory[to])
      }
      return true
    }
    let windows = Int64(type.shape.extents.dropFirst(2).reduce(1, *))
    let indices = SafeIndices(index, image, plan)
    let adds = collisions == .add
    plan.emit(
      name, kernel: "pool", reads: [g, index], writes: [x], scratch: indices.scratch,
      scope: vertex.scope
    ) { memory in
      indices.use(memory, at) { index in
        adds
          ? fk_pool_scatter(large, windows, memory.floats(from), index, memory.floats(to))
          : fk_pool_unpool(large, windows, half, memory[from], index, memory[to])
      }
    }
    return true
  }

  /// The geometry of the maximum pool of an image like this one that made the indices.
  private func maximumPool(_ vertex: LoweringVertex, _ plan: PlanBuilder) -> PoolGeometry? {
    let source = plan.graph.vertices[vertex.operands[1].vertex]
    guard let pool = source.operation as? MaxPool, vertex.operands[1].result == 1,
      plan.graph.type(of: source.operands[0]).shape == image
    else { return nil }
    return pool.geometry
  }
}

extension PoolGather: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let type = vertex.operandTypes[0]
    guard collisions == .add, let half = type.elementType.isHalfForPools,
      vertex.operandTypes[1].elementType == .int32, type.shape.planeFitsIndices
    else { return false }
    let layout = ImageLayout.preferred(
      [vertex.operands[0], vertex.operands[1]], in: plan, lanes: true)
    let x = try plan.value(vertex.operands[0], as: layout.layout(type))
    let index = try plan.value(vertex.operands[1], as: layout.layout(vertex.operandTypes[1]))
    let y = plan.allocate(vertex.result(0), try layout.layout(vertex.types[0]))
    let (from, at, to) = (BufferPlace(x), BufferPlace(index), BufferPlace(y))
    let large = layout.image(type.shape)
    let windows = Int64(vertex.types[0].shape.extents.dropFirst(2).reduce(1, *))
    let indices = SafeIndices(index, type.shape, plan)
    plan.emit(
      name, kernel: "pool", reads: [x, index], writes: [y], scratch: indices.scratch,
      scope: vertex.scope
    ) { memory in
      indices.use(memory, at) { index in
        fk_pool_gather(large, windows, half, memory[from], index, memory[to])
      }
    }
    return true
  }
}

extension Shape {
  /// Whether 32 bits can name every pixel of a plane.
  fileprivate var planeFitsIndices: Bool { extents.dropFirst(2).reduce(1, *) <= Int(Int32.max) }
}

/// Indices of which those outside a plane stand for no pixel. The kernels refuse them, so a copy
/// without them is made when that happens.
private struct SafeIndices {
  let scratch: Int
  private let count: Int
  private let pixels: Int

  init(_ index: PlanValue, _ image: Shape, _ plan: PlanBuilder) {
    let byteCount = index.layout.byteCount(index.type)
    scratch = plan.scratch(byteCount: byteCount)
    count = byteCount / MemoryLayout<Int32>.size
    pixels = image.extents.dropFirst(2).reduce(1, *)
  }

  func use(
    _ memory: BufferTable, _ place: BufferPlace, _ body: (UnsafePointer<Int32>) -> Int64
  ) {
    let given = memory.integers(place)
    if body(given) < 0 { return }
    let safe = memory.integers(BufferPlace(buffer: scratch))
    for position in 0..<count {
      safe[position] = 0..<pixels ~= Int(given[position]) ? given[position] : -1
    }
    _ = body(safe)
  }
}
