import COneDNN
import FoveaCompiler
import FoveaTensor

/// Collects the steps of a plan while the graph is lowered vertex by vertex.
final class PlanBuilder {
  let graph: Graph
  /// The inputs whose value this plan replaces, by position among the inputs.
  let updatedInputs: Set<Int>
  /// Chooses kernels.
  let tuner: ConvolutionTuner
  private(set) var buffers: [PlanBuffer] = []
  private(set) var steps: [PlanStep] = []
  /// The layout each input is wanted in; `nil` while a state may still choose.
  private(set) var inputLayouts: [Layout?]
  /// A value in every layout it has been wanted in so far.
  private var versions: [Graph.Value: [PlanValue]] = [:]
  private var isConstant: [Bool] = []
  /// The values that lie in each buffer, and the buffers that are parts of it.
  private var tenants: [Int: [Graph.Value]] = [:]
  private var parts: [Int: [Int]] = [:]
  /// The last vertex that reads each value; beyond the last vertex for outputs.
  private lazy var lastUses: [Graph.Value: Int] = {
    var uses: [Graph.Value: Int] = [:]
    for (index, vertex) in graph.vertices.enumerated() {
      for operand in vertex.operands { uses[operand] = index }
    }
    for output in graph.outputs { uses[output] = graph.vertices.count }
    return uses
  }()
  /// What vertices read, outputs of the graph apart.
  private lazy var operands = Set(graph.vertices.flatMap(\.operands))
  private struct Preparation: Hashable {
    let value: Graph.Value
    let form: String
  }
  /// What kernels of our own have made of values for themselves.
  private var prepared: [Preparation: PlanValue] = [:]
  /// What makes values that nothing has needed in memory so far.
  private var postponed: [Graph.Value: (PlanBuilder) -> Void] = [:]

  init(_ graph: Graph, inputLayouts: [Layout?], updatedInputs: Set<Int>) {
    self.graph = graph
    self.inputLayouts = inputLayouts
    self.updatedInputs = updatedInputs
    // A plan that replaces states is a step of something longer.
    tuner = ConvolutionTuner(.current, runsOften: !updatedInputs.isEmpty)
    for (position, vertex) in graph.inputs.enumerated() {
      let type = graph.vertices[vertex].types[0]
      let layout = inputLayouts[position] ?? .plain
      let isState = graph.vertices[vertex].role == .state
      let buffer = addBuffer(
        .input(position), byteCount: layout.byteCount(type),
        isConstant: isState && !updatedInputs.contains(position))
      versions[Graph.Value(vertex)] = [PlanValue(buffer: buffer, layout: layout, type: type)]
      tenants[buffer] = [Graph.Value(vertex)]
    }
  }

  private func addBuffer(_ home: PlanBuffer.Home, byteCount: Int, isConstant: Bool = false) -> Int {
    buffers.append(PlanBuffer(home: home, byteCount: byteCount))
    self.isConstant.append(isConstant)
    return buffers.count - 1
  }
}

extension PlanBuilder {
  /// The layout a value has, or `nil` when it is one that takes whatever it is first asked for.
  func layout(of value: Graph.Value) -> Layout? {
    postponed[value] != nil || isFlexible(value) ? nil : versions[value]![0].layout
  }

  /// Whether a value follows from states alone that this plan does not change.
  func isConstant(_ value: Graph.Value) -> Bool {
    // What is postponed follows from nothing.
    versions[value].map { isConstant[$0[0].buffer] } ?? true
  }

  /// The value's memory in `layout`, to be written over by the vertex being lowered, when nobody
  /// reads it afterwards.
  func takeOver(_ value: Graph.Value, as layout: Layout, by vertex: Int) -> PlanValue? {
    guard let found = versions[value]!.first(where: { $0.layout == layout }), found.offset == 0,
      buffers[found.buffer].home == .arena, buffers[found.buffer].whole == nil,
      buffers[found.buffer].byteCount == layout.byteCount(found.type)
    else { return nil }
    // Views and parts are other values in the same memory.
    var memory = [found.buffer]
    while let buffer = memory.popLast() {
      guard tenants[buffer, default: []].allSatisfy({ lastUses[$0] ?? -1 <= vertex }) else {
        return nil
      }
      memory += parts[buffer, default: []]
    }
    return found
  }

  /// Whether anyone needs this value; what nobody reads need not be computed.
  func isRead(_ value: Graph.Value) -> Bool { lastUses[value] != nil }

  /// Whether another vertex reads this value.
  func isOperand(_ value: Graph.Value) -> Bool {
    operands.contains(value)
  }

  /// The value in the layout it was made in.
  func value(_ value: Graph.Value) -> PlanValue {
    produce(value)
    fix(value, .plain)
    return versions[value]![0]
  }

  /// The value in row-major order.
  func plain(_ value: Graph.Value) throws -> PlanValue { try self.value(value, as: .plain) }

  /// The value in a given layout; a reorder is added where no version has it yet.
  func value(_ value: Graph.Value, as layout: Layout) throws -> PlanValue {
    produce(value)
    fix(value, layout)
    if let known = versions[value]!.first(where: { $0.layout == layout }) { return known }
    // The library fills layouts of its own from row-major memory alone.
    let source = layout.isOpaque ? try plain(value) : versions[value]![0]
    let made = try converted(source, to: layout)
    versions[value]!.append(made)
    tenants[made.buffer, default: []].append(value)
    return made
  }

  /// Has a result made only when something needs it in memory; `make` must allocate it.
  func postpone(_ result: Graph.Value, _ make: @escaping (PlanBuilder) -> Void) {
    postponed[result] = make
  }

  private func produce(_ value: Graph.Value) {
    if let make = postponed.removeValue(forKey: value) { make(self) }
  }

  private func position(_ value: Graph.Value) -> Int? {
    guard graph.vertices[value.vertex].operation == nil,
      case .input(let position) = buffers[versions[value]![0].buffer].home
    else { return nil }
    return position
  }

  private func isFlexible(_ value: Graph.Value) -> Bool {
    guard let position = position(value) else { return false }
    return inputLayouts[position] == nil
  }

  /// A state that may still choose its layout takes this one: it is converted once, on entry, and
  /// then stays so from run to run. A layout that only the library can read is none to stay in.
  private func fix(_ value: Graph.Value, _ wanted: Layout) {
    guard let position = position(value), inputLayouts[position] == nil else { return }
    let layout = wanted.isOpaque ? .plain : wanted
    inputLayouts[position] = layout
    let type = graph.type(of: value)
    let buffer = versions[value]![0].buffer
    buffers[buffer].byteCount = layout.byteCount(type)
    versions[value] = [PlanValue(buffer: buffer, layout: layout, type: type)]
  }

  private func converted(_ value: PlanValue, to layout: Layout) throws -> PlanValue {
    let made = allocate(value.type, layout)
    try reorder(value, to: made)
    return made
  }

  /// A value in a form that only kernels of our own read, made once for all that read it.
  ///
  /// - Parameter form: tells it from other forms of the same value.
  func prepared(
    _ value: Graph.Value, as form: String, _ make: () throws -> PlanValue
  ) rethrows -> PlanValue {
    let key = Preparation(value: value, form: form)
    if let known = prepared[key] { return known }
    let made = try make()
    prepared[key] = made
    return made
  }

  /// Adds the step that copies a value into memory of the same layout.
  func copy(_ source: PlanValue, to target: PlanValue) throws {
    let (from, to) = (BufferPlace(source), BufferPlace(target))
    let count = source.layout.byteCount(source.type)
    emit("copy", kernel: "memory", reads: [source], writes: [target], isElementwise: true) {
      // Nothing moves where the target was given the source's place.
      if $0[to] != $0[from] { $0[to].copyMemory(from: $0[from], byteCount: count) }
    }
  }

  /// Adds the step that copies a value into another layout.
  func reorder(_ source: PlanValue, to target: PlanValue) throws {
    if source.layout == target.layout { return try copy(source, to: target) }
    let (from, to) = (try source.descriptor(), try target.descriptor())
    let primitive = try Primitive { odn_reorder(from.pointer, to.pointer, nil, $0) }
    try emit(
      "reorder", primitive, [(ODN_ARG_SRC, source)], [(ODN_ARG_DST, target)])
  }
}

extension PlanBuilder {
  /// Memory for a value that no graph value stands for.
  func allocate(_ type: TensorType, _ layout: Layout) -> PlanValue {
    PlanValue(
      buffer: addBuffer(.arena, byteCount: layout.byteCount(type)), layout: layout, type: type)
  }

  /// Memory for a result that starts as a copy of another value and is then written over.
  func allocate(_ result: Graph.Value, copying source: PlanValue) throws -> PlanValue {
    let value = allocate(result, source.layout)
    // Were the copy made once, a second run would find what the first one left.
    buffers[value.buffer].isFresh = true
    try copy(source, to: value)
    return value
  }

  /// The same for a result that holds another kind of number of as many bytes.
  func allocate(
    _ result: Graph.Value, copying source: PlanValue, _ layout: Layout
  ) throws -> PlanValue {
    let value = allocate(result, layout)
    buffers[value.buffer].isFresh = true
    let place = PlanValue(
      buffer: value.buffer, offset: value.offset, layout: source.layout, type: source.type)
    try copy(source, to: place)
    return value
  }

  /// Memory for a result of the vertex being lowered.
  func allocate(_ result: Graph.Value, _ layout: Layout = .plain) -> PlanValue {
    let value = allocate(graph.type(of: result), layout)
    versions[result] = [value]
    tenants[value.buffer, default: []].append(result)
    return value
  }

  func allocate(_ result: Graph.Value, _ descriptor: Descriptor) -> PlanValue {
    allocate(result, Layout(descriptor, of: graph.type(of: result)))
  }

  /// Says that a result is another value's memory, under its own type.
  func define(_ result: Graph.Value, as value: PlanValue) {
    tenants[value.buffer, default: []].append(result)
    versions[result] = [
      PlanValue(
        buffer: value.buffer, offset: value.offset, layout: value.layout,
        type: graph.type(of: result))
    ]
  }

  /// Has a value computed in its place within another one, instead of copying it there.
  ///
  /// - Returns: whether that is possible.
  func nest(_ part: PlanValue, in whole: PlanValue, at offset: Int) -> Bool {
    let buffer = buffers[part.buffer]
    guard part.offset == 0, whole.offset == 0, offset % 64 == 0, buffer.home == .arena,
      buffers[whole.buffer].home == .arena, buffer.whole == nil,
      part.buffer != whole.buffer, buffer.byteCount == part.layout.byteCount(part.type)
    else { return false }
    buffers[part.buffer].whole = PlanBuffer.Place(buffer: whole.buffer, offset: offset)
    parts[whole.buffer, default: []].append(part.buffer)
    // Its other parts may be constant, but it is not.
    buffers[whole.buffer].isFresh = true
    return true
  }

  /// Says that a result is a stretch of another value's memory.
  @discardableResult
  func define(
    _ result: Graph.Value, as whole: PlanValue, at offset: Int, _ layout: Layout
  ) -> PlanValue {
    let value = PlanValue(
      buffer: whole.buffer, offset: whole.offset + offset, layout: layout,
      type: graph.type(of: result))
    versions[result] = [value]
    tenants[value.buffer, default: []].append(result)
    return value
  }

  /// Memory that only one step uses.
  func scratch(byteCount: Int) -> Int { addBuffer(.arena, byteCount: byteCount) }
}

extension PlanBuilder {
  func emit(
    _ name: String, kernel: String, reads: [PlanValue], writes: [PlanValue], scratch: Int? = nil,
    scope: RecordingScope? = nil, isElementwise: Bool = false, mayRefuse: Bool = false,
    _ run: @escaping (BufferTable) throws -> Void
  ) {
    let written = writes.map(\.buffer) + (scratch.map { [$0] } ?? [])
    if reads.allSatisfy({ isConstant[$0.buffer] }),
      !writes.contains(where: { buffers[$0.buffer].isFresh })
    {
      for value in writes
      where buffers[value.buffer].home == .arena && !buffers[value.buffer].isFresh {
        buffers[value.buffer].home = .constant
        isConstant[value.buffer] = true
      }
    }
    steps.append(
      PlanStep(
        name: name, kernel: kernel, layout: PlanBuilder.tag(reads, writes), scope: scope,
        work: work(reading: reads, writing: writes), reads: reads.map(\.buffer), writes: written,
        replaceable: isElementwise ? PlanBuilder.replaceable(reads, writes) : [],
        mayRefuse: mayRefuse, run: run))
  }

  /// Says of the steps since number `first` what they were added for. The last one does the work;
  /// those before it bring its operands.
  func attribute(to vertex: Graph.Vertex, operands: [TensorType], since first: Int) {
    guard first < steps.count else { return }
    for index in first..<steps.count where steps[index].scope == nil {
      steps[index].scope = vertex.scope
    }
    guard let work = vertex.operation as? any CountsMultiplyAdds else { return }
    steps[steps.count - 1].work.multiplyAdds =
      work.multiplyAdds(operands: operands, results: vertex.types)
    steps[steps.count - 1].work.factors = operands[0].elementType
  }

  /// Marks the steps that give states their next values, outputs from number `first` on.
  func markUpdates(from first: Int) {
    for index in steps.indices where steps[index].scope == nil {
      steps[index].isUpdate = steps[index].writes.contains { buffer in
        if case .output(let output) = buffers[buffer].home { output >= first } else { false }
      }
    }
  }

  /// Adds a primitive with its arguments, and scratch memory if it wants some.
  ///
  /// - Parameter isAccumulating: whether what the written memory holds before is read, too.
  func emit(
    _ name: String, _ primitive: Primitive, _ reads: [(odn_arg, PlanValue)],
    _ writes: [(odn_arg, PlanValue)], isAccumulating: Bool = false, scope: RecordingScope? = nil
  ) throws {
    try emit(
      name, primitive, reads.map { (Int32($0.0.rawValue), $0.1) },
      writes.map { (Int32($0.0.rawValue), $0.1) }, isAccumulating: isAccumulating, scope: scope)
  }

  func emit(
    _ name: String, _ primitive: Primitive, _ reads: [(Int32, PlanValue)],
    _ writes: [(Int32, PlanValue)], isAccumulating: Bool = false, scope: RecordingScope? = nil
  ) throws {
    var arguments = (reads + writes).map(\.0)
    var places = (reads + writes).map { BufferPlace($0.1) }
    var scratch: Int?
    if primitive.scratchByteCount > 0 {
      let buffer = self.scratch(byteCount: primitive.scratchByteCount)
      arguments.append(Int32(ODN_ARG_SCRATCHPAD.rawValue))
      places.append(BufferPlace(buffer: buffer))
      scratch = buffer
    }
    let call = try PrimitiveCall(primitive, arguments)
    emit(
      name, kernel: primitive.implementation,
      reads: (isAccumulating ? reads + writes : reads).map(\.1), writes: writes.map(\.1),
      scratch: scratch, scope: scope
    ) { memory in
      for (slot, place) in places.enumerated() { call.bind(slot, memory[place]) }
      try call.run()
    }
  }

  /// Whether a step depends on nothing but states this plan does not change.
  func isConstantStep(_ step: PlanStep) -> Bool {
    step.reads.allSatisfy { isConstant[$0] } && !step.writes.contains { buffers[$0].isFresh }
  }

  /// Makes output number `index` of the graph end up in memory that outlives the run, in `layout`.
  func finish(output index: Int, as layout: Layout) throws {
    let value = try self.value(graph.outputs[index], as: layout)
    if buffers[value.buffer].home == .arena, value.offset == 0, buffers[value.buffer].whole == nil,
      buffers[value.buffer].byteCount == layout.byteCount(value.type)
    {
      buffers[value.buffer].home = .output(index)
      return
    }
    let target = PlanValue(
      buffer: addBuffer(.output(index), byteCount: layout.byteCount(value.type)),
      layout: layout, type: value.type)
    // Not a constant step, whatever it reads: the output is new in every run.
    buffers[target.buffer].isFresh = true
    try reorder(value, to: target)
  }
}
