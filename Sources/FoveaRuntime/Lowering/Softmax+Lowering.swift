import CKernels
import FoveaCompiler
import FoveaTensor

extension Softmax: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    try SoftmaxLowering.forward(name, vertex, into: plan, axis: axis, isLogarithm: false)
  }
}

extension LogSoftmax: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    try SoftmaxLowering.forward(name, vertex, into: plan, axis: axis, isLogarithm: true)
  }
}

extension SoftmaxGradient: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    try SoftmaxLowering.backward(name, vertex, into: plan, axis: axis, isLogarithm: false)
  }
}

extension LogSoftmaxGradient: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    try SoftmaxLowering.backward(name, vertex, into: plan, axis: axis, isLogarithm: true)
  }
}

private enum SoftmaxLowering {
  static func forward(
    _ name: String, _ vertex: LoweringVertex, into plan: PlanBuilder, axis: Int,
    isLogarithm: Bool
  ) throws -> Bool {
    guard vertex.types[0].elementType == .float32 else { return false }
    let shape = fk_axis(vertex.types[0].shape, axis: axis)
    let x = try plan.plain(vertex.operands[0])
    let y = plan.allocate(vertex.result(0))
    let (from, to) = (BufferPlace(x), BufferPlace(y))
    plan.emit(name, kernel: "softmax", reads: [x], writes: [y], scope: vertex.scope) { memory in
      fk_softmax(shape, isLogarithm ? 1 : 0, memory.floats(from), memory.floats(to))
    }
    return true
  }

  static func backward(
    _ name: String, _ vertex: LoweringVertex, into plan: PlanBuilder, axis: Int,
    isLogarithm: Bool
  ) throws -> Bool {
    guard vertex.types[0].elementType == .float32 else { return false }
    let shape = fk_axis(vertex.types[0].shape, axis: axis)
    let g = try plan.plain(vertex.operands[0])
    let y = try plan.plain(vertex.operands[1])
    let dx = plan.allocate(vertex.result(0))
    let (fromG, fromY, to) = (BufferPlace(g), BufferPlace(y), BufferPlace(dx))
    plan.emit(
      name, kernel: "softmax", reads: [g, y], writes: [dx], scope: vertex.scope
    ) { memory in
      fk_softmax_backward(
        shape, isLogarithm ? 1 : 0, memory.floats(fromY), memory.floats(fromG),
        memory.floats(to))
    }
    return true
  }
}

extension fk_axis {
  /// A shape as what lies before, along and behind an axis.
  init(_ shape: Shape, axis: Int) {
    let axis = axis < 0 ? axis + shape.rank : axis
    self.init(
      outer: Int64(shape.extents[..<axis].reduce(1, *)), axis: Int64(shape[axis]),
      inner: Int64(shape.extents[(axis + 1)...].reduce(1, *)))
  }
}
