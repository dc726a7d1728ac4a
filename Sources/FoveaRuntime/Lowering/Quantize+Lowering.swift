import CKernels
import COneDNN
import FoveaCompiler
import FoveaTensor

extension Quantize: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let (from, to) = (vertex.operandTypes[0], vertex.types[0])
    let source = plan.value(vertex.operands[0])
    // Who reads bytes wants the channels of a pixel side by side.
    let layout =
      to.rank >= 3
      ? Layout(try .channelsLast(to.elementType.oneDNN!, to.shape.extents), of: to) : .plain
    guard from.rank > 0 else { return false }
    let target = plan.allocate(vertex.result(0), layout)
    try plan.convert(name, source, to: target, scale: 1 / scale.step, vertex.scope)
    return true
  }
}

extension Dequantize: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let type = vertex.types[0]
    guard type.rank > 0 else { return false }
    let source = plan.value(vertex.operands[0])
    var layout = Layout.plain
    if case .engine(let descriptor) = source.layout {
      layout = Layout(try descriptor.retyped(.float32), of: type)
    }
    let target = plan.allocate(vertex.result(0), layout)
    try plan.convert(name, source, to: target, scale: scale.step, vertex.scope)
    return true
  }
}

extension QuantizeFilter: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let type = vertex.operandTypes[0]
    let source = try plan.plain(vertex.operands[0])
    let targets = [plan.allocate(vertex.result(0)), plan.allocate(vertex.result(1))]
    let (from, bytes, steps) = (
      BufferPlace(source), BufferPlace(targets[0]), BufferPlace(targets[1])
    )
    let rows = type.shape[0]
    let count = type.shape.count / rows
    plan.emit(name, kernel: "quantize", reads: [source], writes: targets, scope: vertex.scope) {
      memory in
      let status = fk_quantize_rows(
        Int64(rows), Int64(count), memory.floats(from),
        memory[bytes].assumingMemoryBound(to: Int8.self), memory.floats(steps))
      precondition(status == FK_OK, "a filter that was prepared was refused")
    }
    return true
  }
}

extension PlanBuilder {
  /// Adds the step that copies numbers times a factor into memory of another kind.
  fileprivate func convert(
    _ name: String, _ source: PlanValue, to target: PlanValue, scale: Float,
    _ scope: RecordingScope?
  ) throws {
    let (from, to) = (try source.descriptor(), try target.descriptor())
    let attributes = try PrimitiveAttributes()
    try attributes.setScales([scale])
    let primitive = try Primitive {
      odn_reorder(from.pointer, to.pointer, attributes.pointer, $0)
    }
    try emit(name, primitive, [(ODN_ARG_SRC, source)], [(ODN_ARG_DST, target)], scope: scope)
  }
}
