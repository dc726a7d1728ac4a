import FoveaCompiler
import FoveaTensor

/// A graph made ready to run: steps in order, memory laid out, layouts chosen.
final class Plan {
  /// Steps that depend only on states the plan does not change: run when those are new.
  let constantSteps: [PlanStep]
  let steps: [PlanStep]
  let buffers: [PlanBuffer]
  let memory: MemoryPlan
  /// The layout each input is read in.
  let inputLayouts: [Layout]
  let inputTypes: [TensorType]
  let isStateInput: [Bool]
  /// States this plan does not change: what the constant steps compute from.
  private let isConstantInput: [Bool]
  let outputLayouts: [Layout]
  let outputTypes: [TensorType]
  /// Bytes that live as long as the plan: what the constant steps leave.
  let constantByteCount: Int
  private let passing: PassingConstants
  /// The kernels that were chosen for it.
  let kernelChoices: KernelChoices
  /// How long kernels were measured for it.
  let tuningNanoseconds: UInt64

  /// The layers of the nodes it was made for, in their order.
  var scopes: [RecordingScope?] = []

  private let constants: [Int: PooledMemory]
  /// Buffers that are parts of others.
  private let parts: [(buffer: Int, root: PlanBuffer.Place)]
  private let table: UnsafeMutableBufferPointer<UnsafeMutableRawPointer?>
  /// The inputs of the last run, and what was made of those that came in another layout.
  private var lastInputs: [(any StoredValue)?]
  private var converted: [(any StoredValue)?]
  private var hasRun = false

  init(_ builder: PlanBuilder, outputLayouts: [Layout]) {
    let graph = builder.graph
    constantSteps = builder.steps.filter(builder.isConstantStep)
    steps = builder.steps.filter { !builder.isConstantStep($0) }
    buffers = builder.buffers
    memory = MemoryPlan(buffers: builder.buffers, steps: constantSteps + steps)
    inputLayouts = builder.inputLayouts.map { $0 ?? .plain }
    inputTypes = graph.inputs.map { graph.vertices[$0].types[0] }
    isStateInput = graph.inputs.map { graph.vertices[$0].role == .state }
    isConstantInput = graph.inputs.enumerated().map { position, vertex in
      graph.vertices[vertex].role == .state && !builder.updatedInputs.contains(position)
    }
    kernelChoices = builder.tuner.choices
    tuningNanoseconds = builder.tuner.spentNanoseconds
    self.outputLayouts = outputLayouts
    outputTypes = graph.outputs.map { graph.type(of: $0) }
    passing = PassingConstants(buffers, constantSteps: constantSteps, steps: steps)
    var constants: [Int: PooledMemory] = [:]
    for (index, buffer) in builder.buffers.enumerated()
    where buffer.home == .constant && !passing.contains(index) {
      constants[index] = PooledMemory(byteCount: buffer.byteCount)
    }
    self.constants = constants
    parts = builder.buffers.indices.filter { builder.buffers[$0].whole != nil }
      .map { ($0, builder.buffers.root(of: $0)) }
    constantByteCount = constants.values.reduce(0) { $0 + $1.byteCount }
    table = .allocate(capacity: max(1, builder.buffers.count))
    table.initialize(repeating: nil)
    for (index, memory) in constants { table[index] = memory.pointer }
    lastInputs = [(any StoredValue)?](repeating: nil, count: graph.inputs.count)
    converted = lastInputs
  }

  deinit { table.deallocate() }

  /// Bytes a run needs in all: inputs, intermediates, constants, and what it returns.
  var plannedByteCount: Int {
    memory.byteCount + constantByteCount + passing.byteCount
      + zip(outputLayouts, outputTypes).reduce(0) { $0 + $1.0.byteCount($1.1) }
      + zip(inputLayouts, inputTypes).reduce(0) { $0 + $1.0.byteCount($1.1) }
  }
}

extension Plan {
  /// Computes the outputs.
  ///
  /// - Parameters:
  ///   - leaves: the nodes whose values are the inputs, in the order of the graph's inputs.
  ///   - resultCount: the first outputs come back as plain values, the others stay as they are.
  func run(
    _ leaves: [Node], resultCount: Int, arena: UnsafeMutableRawPointer, observe: StepObserver?
  ) throws -> (results: [PlainValue], updates: [EngineValue]) {
    for (index, offset) in memory.offsets.enumerated() where offset >= 0 {
      table[index] = arena + offset
    }
    let constantsAreStale = try bind(leaves)
    var results: [PlainValue] = []
    var updates: [EngineValue] = []
    for (index, type) in outputTypes.enumerated() {
      if index < resultCount {
        results.append(PlainValue(type) { _ in })
      } else {
        let layout = outputLayouts[index]
        let memory = PooledMemory(byteCount: layout.byteCount(type))
        updates.append(EngineValue(type, layout, memory))
      }
    }
    for (index, buffer) in buffers.enumerated() {
      guard case .output(let output) = buffer.home else { continue }
      table[index] =
        output < resultCount
        ? results[output].bytes.baseAddress : updates[output - resultCount].memory.pointer
    }
    for (part, root) in parts { table[part] = table[root.buffer]! + root.offset }
    let memory = BufferTable(base: table.baseAddress!)
    if constantsAreStale {
      hasRun = false
      try passing.withMemory(in: table) { try constantSteps[$0].run(memory) }
      hasRun = true
    }
    if let observe {
      for step in steps { try observe.time(step) { try step.run(memory) } }
    } else {
      // By index: a step that is a variable of its own would be copied with all that it says.
      for index in steps.indices { try steps[index].run(memory) }
    }
    return (results, updates)
  }

  /// Puts the inputs where the steps look for them; says whether a constant one is new.
  private func bind(_ leaves: [Node]) throws -> Bool {
    var isStale = !hasRun
    for (index, leaf) in leaves.enumerated() {
      let value = leaf.values![0]
      if lastInputs[index] !== value {
        lastInputs[index] = isConstantInput[index] ? value : nil
        converted[index] = nil
        if isConstantInput[index] { isStale = true }
      }
      let usable = try converted[index] ?? usable(value, at: index, leaf)
      // Held beyond this loop also where it is of no use to the next run: the steps read it.
      if usable !== value { converted[index] = usable }
      table[bufferOfInput[index]] = Plan.pointer(usable)
    }
    return isStale
  }

  /// The value in the layout the plan reads it in.
  private func usable(
    _ value: any StoredValue, at index: Int, _ leaf: Node
  ) throws -> any StoredValue {
    let wanted = inputLayouts[index]
    if let value = value as? EngineValue, value.layout == wanted { return value }
    let plain = value.plain()
    guard case .engine(let descriptor) = wanted else { return plain }
    let type = inputTypes[index]
    let made = EngineValue(type, wanted, PooledMemory(byteCount: descriptor.byteCount))
    let rowMajor = try Descriptor.plain(descriptor.elementType, type.shape.extents)
    try Reorder.run(rowMajor, plain.bytes.baseAddress!, to: descriptor, made.memory.pointer)
    if !(value is EngineValue), isStateInput[index] {
      // A state that was plain stays in the layout it is used in.
      leaf.values = [made]
      if isConstantInput[index] { lastInputs[index] = made }
    }
    return made
  }

  private static func pointer(_ value: any StoredValue) -> UnsafeMutableRawPointer {
    if let value = value as? EngineValue { return value.memory.pointer }
    return (value as! PlainValue).bytes.baseAddress!
  }

  /// Inputs come first among the buffers.
  private var bufferOfInput: Range<Int> { 0..<inputLayouts.count }
}
