import CKernels
import FoveaCompiler
import FoveaTensor

extension BatchNormalization: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    try BatchNormalizationLowering(epsilon: epsilon).forward(vertex, into: plan, name)
  }
}

extension BatchNormalizationGradient: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    try BatchNormalizationLowering(epsilon: forward.epsilon).backward(
      .init(g: 0, x: 1, y: nil, mean: 2, variance: 3, scale: 4), vertex, into: plan, name)
  }
}

extension FusedBatchNormalization: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    try BatchNormalizationLowering(
      epsilon: normalization.epsilon, isRectified: activation == .relu, addsResidual: addsResidual
    ).forward(vertex, into: plan, name)
  }
}

extension FusedBatchNormalizationGradient: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    try BatchNormalizationLowering(
      epsilon: normalization.epsilon, isRectified: true, addsResidual: givesResidual
    ).backward(
      .init(g: 0, x: 1, y: 2, mean: 3, variance: 4, scale: 5), vertex, into: plan, name)
  }
}

extension FrozenBatchNormalization: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    try BatchNormalizationLowering(epsilon: epsilon).frozen(vertex, into: plan, name)
  }
}

/// Batch normalisation with what may follow it, in whatever layout the image has.
private struct BatchNormalizationLowering {
  let epsilon: Double
  var isRectified = false
  var addsResidual = false

  /// Which operands of a gradient are which.
  struct Operands {
    let g: Int
    let x: Int
    let y: Int?
    let mean: Int
    let variance: Int
    let scale: Int
  }

  private func problem(_ layout: ImageLayout, _ shape: Shape) -> fk_batch_norm {
    fk_batch_norm(
      image: layout.flatImage(shape), epsilon: Float(epsilon), relu: isRectified ? 1 : 0,
      upper: .infinity)
  }

  private func isFast(_ types: [TensorType]) -> Bool {
    types.allSatisfy { $0.elementType == .float32 }
  }

  /// Operands: image, scale, shift, and the residual if there is one.
  func forward(
    _ vertex: LoweringVertex, into plan: PlanBuilder, _ name: String
  ) throws -> Bool {
    guard isFast(vertex.operandTypes) else { return false }
    let type = vertex.operandTypes[0]
    let layout = ImageLayout.preferred([vertex.operands[0]], in: plan)
    let wide = try layout.layout(type)
    var reads = [try plan.value(vertex.operands[0], as: wide)]
    for operand in 1...2 { reads.append(try plan.plain(vertex.operands[operand])) }
    if addsResidual { reads.append(try plan.value(vertex.operands[3], as: wide)) }
    let writes = [
      plan.allocate(vertex.result(0), wide), plan.allocate(vertex.result(1)),
      plan.allocate(vertex.result(2)),
    ]
    let norm = problem(layout, type.shape)
    let scratch = plan.scratch(byteCount: Int(fk_batch_norm_scratch(norm.image)))
    let (from, to) = (reads.map(BufferPlace.init), writes.map(BufferPlace.init))
    let residual = addsResidual ? from[3] : nil
    let work = BufferPlace(buffer: scratch)
    plan.emit(
      name, kernel: "batch norm", reads: reads, writes: writes, scratch: scratch,
      scope: vertex.scope
    ) { memory in
      fk_batch_norm_train(
        norm, memory.floats(from[0]), memory.floats(from[1]), memory.floats(from[2]),
        memory.floats(residual), memory.floats(to[0]), memory.floats(to[1]),
        memory.floats(to[2]), memory[work])
    }
    return true
  }

  /// Operands: image, scale, shift, mean, variance.
  func frozen(
    _ vertex: LoweringVertex, into plan: PlanBuilder, _ name: String
  ) throws -> Bool {
    guard isFast(vertex.operandTypes) else { return false }
    let type = vertex.operandTypes[0]
    let layout = ImageLayout.preferred([vertex.operands[0]], in: plan)
    let wide = try layout.layout(type)
    var reads = [try plan.value(vertex.operands[0], as: wide)]
    for operand in 1...4 { reads.append(try plan.plain(vertex.operands[operand])) }
    let y = plan.allocate(vertex.result(0), wide)
    let norm = problem(layout, type.shape)
    let scratch = plan.scratch(byteCount: Int(fk_batch_norm_scratch(norm.image)))
    let (from, to) = (reads.map(BufferPlace.init), BufferPlace(y))
    let work = BufferPlace(buffer: scratch)
    plan.emit(
      name, kernel: "batch norm", reads: reads, writes: [y], scratch: scratch,
      scope: vertex.scope
    ) { memory in
      fk_batch_norm_apply(
        norm, memory.floats(from[0]), memory.floats(from[3]), memory.floats(from[4]),
        memory.floats(from[1]), memory.floats(from[2]), nil, memory.floats(to), memory[work])
    }
    return true
  }

  /// Results: those of the image, scale and shift, and of the residual if there is one.
  func backward(
    _ operands: Operands, _ vertex: LoweringVertex, into plan: PlanBuilder, _ name: String
  ) throws -> Bool {
    guard isFast(vertex.operandTypes) else { return false }
    let type = vertex.operandTypes[operands.x]
    let layout = ImageLayout.preferred(
      [vertex.operands[operands.x], vertex.operands[operands.g]], in: plan)
    let wide = try layout.layout(type)
    var reads: [PlanValue] = []
    for (number, operand) in vertex.operands.enumerated() {
      let isWide = [operands.g, operands.x, operands.y].contains(number)
      reads.append(try plan.value(operand, as: isWide ? wide : .plain))
    }
    var writes: [PlanValue] = []
    var to: [BufferPlace?] = []
    for number in vertex.types.indices {
      guard plan.isRead(vertex.result(number)) else {
        to.append(nil)
        continue
      }
      let isWide = number == 0 || number == 3
      writes.append(plan.allocate(vertex.result(number), isWide ? wide : .plain))
      to.append(BufferPlace(writes[writes.count - 1]))
    }
    let norm = problem(layout, type.shape)
    let scratch = plan.scratch(byteCount: Int(fk_batch_norm_scratch(norm.image)))
    let from = reads.map(BufferPlace.init)
    let targets = to
    let work = BufferPlace(buffer: scratch)
    let y = operands.y.map { from[$0] }
    let residual = addsResidual ? targets[3] : nil
    plan.emit(
      name, kernel: "batch norm", reads: reads, writes: writes, scratch: scratch,
      scope: vertex.scope
    ) { memory in
      var gradient = fk_batch_norm_gradient()
      gradient.x = UnsafePointer(memory.floats(from[operands.x]))
      gradient.y = UnsafePointer(memory.floats(y))
      gradient.dy = UnsafePointer(memory.floats(from[operands.g]))
      gradient.mean = UnsafePointer(memory.floats(from[operands.mean]))
      gradient.variance = UnsafePointer(memory.floats(from[operands.variance]))
      gradient.scale = UnsafePointer(memory.floats(from[operands.scale]))
      gradient.dx = memory.floats(targets[0])
      gradient.dscale = memory.floats(targets[1])
      gradient.dshift = memory.floats(targets[2])
      gradient.dresidual = memory.floats(residual)
      fk_batch_norm_backward(norm, &gradient, memory[work])
    }
    return true
  }
}
