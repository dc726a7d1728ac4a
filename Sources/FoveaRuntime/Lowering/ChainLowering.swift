import CKernels
import FoveaCompiler
import FoveaTensor

/// Chooses the memory layout of a chain and the strides of everything it reads.
enum ChainLowering {
  static func lower(
    _ chain: ElementwiseChain, _ vertex: LoweringVertex, into plan: PlanBuilder
  ) throws -> Bool {
    let valueTypes = try chain.valueTypes(of: vertex.operandTypes)
    guard valueTypes.allSatisfy({ $0.elementType.isChainable }) else { return false }
    var constants: [Int: Double] = [:]
    for (position, operand) in vertex.operands.enumerated() {
      if let fill = plan.graph.vertices[operand.vertex].operation as? Fill {
        constants[position] = fill.value
      }
    }
    guard let program = ChainAssembler(chain, constants: constants) else { return false }
    let shape = vertex.types[0].shape
    let layout = chooseLayout(chain, program, constants, vertex, plan, shape)
    let axes = PhysicalAxes(layout, shape)

    var reads: [PlanValue] = []
    var types: [ElementType] = []
    var strides: [[Int]] = []
    for position in program.inputs {
      let operand = vertex.operands[position]
      let type = vertex.operandTypes[position]
      if type.shape == shape {
        reads.append(try plan.value(operand, as: retyped(layout, type.elementType)))
        strides.append(axes.ownStrides)
      } else {
        reads.append(try plan.plain(operand))
        strides.append(axes.strides(of: Broadcast(type.shape, to: shape).strides))
      }
      types.append(type.elementType)
    }
    var writes: [PlanValue] = []
    for (number, type) in vertex.types.enumerated() {
      writes.append(
        plan.allocate(vertex.result(number), try retyped(layout, type.elementType)))
      types.append(type.elementType)
      strides.append(axes.ownStrides)
    }
    let loops = PhysicalAxes.merged(axes.extents, strides)
    guard loops.extents.count <= Int(FK_CHAIN_AXES) else { return false }
    let operands = zip(types, loops.strides).map { PhysicalAxes.operand($0, $1) }
    let step = ChainStep(
      program.instructions, loops.extents, operands, inputCount: reads.count)
    let (from, to) = (reads.map(BufferPlace.init), writes.map(BufferPlace.init))
    let name = chain.instructions.count == 1 ? chain.name : "chain of \(chain.instructions.count)"
    plan.emit(
      name, kernel: "chain", reads: reads, writes: writes, scope: vertex.scope, isElementwise: true
    ) { memory in step.run(memory, from, to) }
    return true
  }

  /// The layout of most of the memory that is read, or row-major where that cannot be kept.
  private static func chooseLayout(
    _ chain: ElementwiseChain, _ program: ChainAssembler, _ constants: [Int: Double],
    _ vertex: LoweringVertex, _ plan: PlanBuilder, _ shape: Shape
  ) -> Layout {
    var votes: [Layout: Int] = [:]
    var order: [Layout] = []
    for position in program.inputs where vertex.operandTypes[position].shape == shape {
      // A state that may still choose its layout follows the others.
      guard let layout = plan.layout(of: vertex.operands[position]),
        let common = try? retyped(layout, .float32)
      else { continue }
      if votes[common] == nil { order.append(common) }
      votes[common, default: 0] += vertex.operandTypes[position].byteCount
    }
    let best = order.max { (votes[$0]!, $1.isPlain ? 1 : 0) < (votes[$1]!, $0.isPlain ? 1 : 0) }
    guard let best, case .engine(let descriptor) = best else { return .plain }
    let narrow = program.inputs.map { vertex.operandTypes[$0].shape }.filter { $0 != shape }
    guard PhysicalAxes.canHold(descriptor, shape, broadcasting: narrow) else { return .plain }
    if descriptor.hasPadding, !keepsZero(chain, vertex, constants, shape) { return .plain }
    return best
  }

  /// Whether padding stays zero: what a chain makes of zeros, whatever it broadcasts.
  private static func keepsZero(
    _ chain: ElementwiseChain, _ vertex: LoweringVertex, _ constants: [Int: Double],
    _ shape: Shape
  ) -> Bool {
    for probe in [0.37, 1.91] {
      var values = vertex.operandTypes.indices.map { position -> Double in
        constants[position] ?? (vertex.operandTypes[position].shape == shape ? 0 : probe)
      }
      for instruction in chain.instructions {
        let x = instruction.arguments.map { values[$0] }
        values.append(
          instruction.operation.element(x[0], x.count > 1 ? x[1] : 0, x.count > 2 ? x[2] : 0))
      }
      guard chain.outputs.allSatisfy({ values[$0] == 0 }) else { return false }
    }
    return true
  }

  /// The same layout for another kind of number.
  private static func retyped(_ layout: Layout, _ type: ElementType) throws -> Layout {
    guard case .engine(let descriptor) = layout else { return .plain }
    return .engine(try descriptor.retyped(type))
  }
}

extension Layout {
  var isPlain: Bool { self == .plain }
}

/// A chain with its C structures in place; only pointers change from run to run.
private final class ChainStep {
  private let instructions: UnsafeMutableBufferPointer<fk_instruction>
  private let operands: UnsafeMutableBufferPointer<fk_chain_operand>
  private let inputCount: Int
  private var chain = fk_chain()

  init(
    _ code: [fk_instruction], _ extents: [Int], _ operands: [fk_chain_operand], inputCount: Int
  ) {
    instructions = .allocate(capacity: code.count)
    _ = instructions.initialize(from: code)
    self.operands = .allocate(capacity: operands.count)
    _ = self.operands.initialize(from: operands)
    self.inputCount = inputCount
    chain.instructions = UnsafePointer(instructions.baseAddress!)
    chain.instruction_count = Int32(code.count)
    chain.rank = Int32(extents.count)
    withUnsafeMutableBytes(of: &chain.extent) { bytes in
      let target = bytes.bindMemory(to: Int64.self)
      for (axis, extent) in extents.enumerated() { target[axis] = Int64(extent) }
    }
    chain.inputs = UnsafePointer(self.operands.baseAddress!)
    chain.input_count = Int32(inputCount)
    chain.outputs = UnsafePointer(self.operands.baseAddress! + inputCount)
    chain.output_count = Int32(operands.count - inputCount)
  }

  deinit {
    instructions.deallocate()
    operands.deallocate()
  }

  func run(_ memory: BufferTable, _ from: [BufferPlace], _ to: [BufferPlace]) {
    for (index, place) in from.enumerated() { operands[index].data = memory[place] }
    for (index, place) in to.enumerated() { operands[inputCount + index].data = memory[place] }
    let status = fk_chain_run(&chain)
    precondition(status == FK_OK, "a chain that was assembled was refused")
  }
}
