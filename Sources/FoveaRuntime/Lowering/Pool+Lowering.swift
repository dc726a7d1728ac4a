import CKernels
import FoveaCompiler
import FoveaTensor

extension MaxPool: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    if try geometry.lowerLargestBytes(name, vertex, into: plan) { return true }
    guard let half = vertex.operandTypes[0].elementType.isHalfForPools else { return false }
    let layout = ImageLayout.preferred([vertex.operands[0]], in: plan, lanes: true)
    let x = try plan.value(vertex.operands[0], as: layout.layout(vertex.operandTypes[0]))
    let y = plan.allocate(vertex.result(0), try layout.layout(vertex.types[0]))
    let pool = geometry.problem(
      layout.image(vertex.operandTypes[0].shape), windows: vertex.types[0].shape)
    var writes = [y]
    // At inference nobody asks where the largest pixels were.
    if plan.isRead(vertex.result(1)) {
      writes.append(plan.allocate(vertex.result(1), try layout.layout(vertex.types[1])))
    }
    let (from, to) = (BufferPlace(x), BufferPlace(y))
    let index = writes.count > 1 ? BufferPlace(writes[1]) : nil
    plan.emit(name, kernel: "pool", reads: [x], writes: writes, scope: vertex.scope) { memory in
      fk_max_pool(pool, half, memory[from], memory[to], index.map { memory.integers($0) })
    }
    return true
  }
}

extension AveragePool: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    guard let problem = AverageProblem(self, image: vertex.operandTypes[0]) else { return false }
    let layout = ImageLayout.preferred([vertex.operands[0]], in: plan, lanes: true)
    let x = try plan.value(vertex.operands[0], as: layout.layout(vertex.operandTypes[0]))
    let y = plan.allocate(vertex.result(0), try layout.layout(vertex.types[0]))
    let pool = geometry.problem(
      layout.image(vertex.operandTypes[0].shape), windows: vertex.types[0].shape)
    let (from, to) = (BufferPlace(x), BufferPlace(y))
    plan.emit(name, kernel: "pool", reads: [x], writes: [y], scope: vertex.scope) { memory in
      fk_average_pool(
        pool, problem.divisor, problem.fixed, problem.half, memory[from], memory[to])
    }
    return true
  }
}

extension AveragePoolGradient: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    guard let problem = AverageProblem(pool, image: vertex.types[0]) else { return false }
    let layout = ImageLayout.preferred([vertex.operands[0]], in: plan, lanes: true)
    let g = try plan.value(vertex.operands[0], as: layout.layout(vertex.operandTypes[0]))
    let x = plan.allocate(vertex.result(0), try layout.layout(vertex.types[0]))
    let pool = pool.geometry.problem(layout.image(image), windows: vertex.operandTypes[0].shape)
    let (from, to) = (BufferPlace(g), BufferPlace(x))
    plan.emit(name, kernel: "pool", reads: [g], writes: [x], scope: vertex.scope) { memory in
      fk_average_pool_backward(
        pool, problem.divisor, problem.fixed, problem.half, memory[from], memory[to])
    }
    return true
  }
}

/// What an average pool divides by, in the kernels' words.
private struct AverageProblem {
  let divisor: fk_divisor
  let fixed: Float
  let half: Int32

  init?(_ pool: AveragePool, image: TensorType) {
    guard let half = image.elementType.isHalfForPools,
      image.shape.extents.dropFirst(2).reduce(1, *) <= Int(Int32.max)
    else { return nil }
    self.half = half
    fixed = Float(pool.divisor ?? 1)
    divisor =
      pool.divisor != nil
      ? FK_DIVISOR_FIXED : pool.countsPadding ? FK_DIVISOR_WINDOW : FK_DIVISOR_VALID
  }
}

/// The mean of whole planes, which a reduction says too.
enum PlaneMean {
  /// Lowers a mean over exactly the spatial axes of an image in the layout the image has; `false`
  /// for any other reduction.
  static func lower(
    _ reduction: Reduction, _ vertex: LoweringVertex, into plan: PlanBuilder
  ) throws -> Bool {
    let type = vertex.operandTypes[0]
    let axes = Set(reduction.axes.map { $0 < 0 ? $0 + type.rank : $0 })
    guard reduction.function == .mean, (3...5).contains(type.rank),
      axes == Set(2..<type.rank), let half = type.elementType.isHalfForPools
    else { return false }
    let layout = ImageLayout.preferred([vertex.operands[0]], in: plan, lanes: true)
    let small = type.with(
      shape: Shape(type.shape.extents[..<2] + [Int](repeating: 1, count: type.rank - 2)))
    // Without its axes the result has no images left: then only row-major memory will do.
    guard reduction.keepsAxes || layout.isRowMajor(small.shape) else { return false }
    let x = try plan.value(vertex.operands[0], as: layout.layout(type))
    let y = plan.allocate(
      vertex.result(0), reduction.keepsAxes ? try layout.layout(small) : .plain)
    let size = Extents(Array(type.shape.extents[2...]))
    let zero = Extents(size.list.map { _ in 0 })
    let one = Extents(size.list.map { _ in 1 })
    let geometry = PoolGeometry(
      kernel: size, stride: size, dilation: one, low: zero, high: zero)
    let pool = geometry.problem(layout.image(type.shape), windows: small.shape)
    let (from, to) = (BufferPlace(x), BufferPlace(y))
    plan.emit(
      "mean of planes", kernel: "pool", reads: [x], writes: [y], scope: vertex.scope
    ) { memory in
      fk_average_pool(pool, FK_DIVISOR_VALID, 1, half, memory[from], memory[to])
    }
    return true
  }
}

extension ElementType {
  /// What pooling kernels are told of the kind of number; `nil` where they do not know it.
  var isHalfForPools: Int32? {
    switch self {
    case .float32: 0
    case .bfloat16: 1
    default: nil
    }
  }
}

extension PoolGeometry {
  /// This geometry over an image, in the kernels' words.
  func problem(_ image: fk_image, windows: Shape) -> fk_pool {
    func three(_ values: [Int], missing: Int) -> (Int64, Int64, Int64) {
      let all = [Int](repeating: missing, count: 3 - values.count) + values
      return (Int64(all[0]), Int64(all[1]), Int64(all[2]))
    }
    return fk_pool(
      image: image, out: three(Array(windows.extents[2...]), missing: 1),
      kernel: three(kernel.list, missing: 1), stride: three(stride.list, missing: 1),
      dilation: three(dilation.list, missing: 1), low: three(low.list, missing: 0),
      high: three(high.list, missing: 0))
  }
}
