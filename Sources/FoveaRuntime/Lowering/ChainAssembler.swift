import CKernels
import FoveaCompiler
import FoveaTensor

/// Translates a chain into the interpreter's program: instructions over sixteen registers.
struct ChainAssembler {
  private(set) var instructions: [fk_instruction] = []
  /// The chain's operands in the order the program numbers its inputs.
  private(set) var inputs: [Int] = []

  private let chain: ElementwiseChain
  private let constants: [Int: Double]
  /// Which value each register holds; −1 when free.
  private var registers = [Int](repeating: -1, count: Int(FK_CHAIN_REGISTERS))
  private var lastUse: [Int: Int] = [:]
  private var pinned: Set<Int> = []

  /// - Parameter constants: operands that are one number everywhere.
  /// - Returns: `nil` when an operator has no instruction or registers do not suffice.
  init?(_ chain: ElementwiseChain, constants: [Int: Double]) {
    self.chain = chain
    self.constants = constants
    for (position, instruction) in chain.instructions.enumerated() {
      for argument in instruction.arguments { lastUse[argument] = position }
    }
    for position in chain.instructions.indices {
      guard assemble(position) else { return nil }
    }
  }

  private mutating func assemble(_ position: Int) -> Bool {
    let instruction = chain.instructions[position]
    guard let operation = instruction.operation as? any ChainOpcode else { return false }
    let value = chain.operandCount + position
    var code = fk_instruction()
    code.opcode = UInt16(operation.opcode.rawValue)
    if let immediate = immediate(operation, instruction.arguments) {
      guard let source = load(immediate.argument) else { return false }
      code.opcode = UInt16(immediate.opcode.rawValue)
      code.a = UInt16(source)
      code.immediate = Float(immediate.constant)
    } else {
      var sources: [Int] = []
      for argument in instruction.arguments {
        guard let register = load(argument) else { return false }
        sources.append(register)
        pinned.insert(register)
      }
      if comparesWithZero(operation) {
        guard let zero = constant(0) else { return false }
        sources.append(zero)
      }
      if let clamp = operation as? Clamp {
        guard let lowest = constant(clamp.lowest), let highest = constant(clamp.highest) else {
          return false
        }
        append(FK_OP_MAXIMUM, sources[0], lowest, in: lowest)
        sources = [lowest, highest]
      }
      if let cast = operation as? Cast, isReadOn(position), let bounds = cast.bounds {
        guard let whole = wholeNumber(sources[0], within: bounds), let zero = constant(0) else {
          return false
        }
        code.opcode = UInt16(FK_OP_SELECT.rawValue)
        sources = [whole.number, zero, whole.isNumber]
      }
      sources = ordered(sources, for: operation)
      code.a = UInt16(sources[0])
      code.b = UInt16(sources.count > 1 ? sources[1] : 0)
      code.c = UInt16(sources.count > 2 ? sources[2] : 0)
    }
    release(after: position)
    pinned = []
    guard let target = take() else { return false }
    registers[target] = value
    code.destination = UInt16(target)
    instructions.append(code)
    for (number, output) in chain.outputs.enumerated() where output == value {
      var store = fk_instruction()
      store.opcode = UInt16(FK_OP_STORE.rawValue)
      store.destination = UInt16(number)
      store.a = UInt16(target)
      instructions.append(store)
    }
    if lastUse[value] == nil { registers[target] = -1 }
    return true
  }

  /// A register with a number in it, until the end of the instruction being assembled.
  private mutating func constant(_ value: Double) -> Int? {
    guard let register = take() else { return nil }
    instructions.append(constant(value, in: register))
    pinned.insert(register)
    registers[register] = -1
    return register
  }

  /// What a store would make of a register: no fraction, nothing beyond the bounds.
  private mutating func wholeNumber(
    _ source: Int, within bounds: ClosedRange<Double>
  ) -> (number: Int, isNumber: Int)? {
    guard let number = constant(bounds.lowerBound), let highest = constant(bounds.upperBound)
    else { return nil }
    append(FK_OP_MAXIMUM, source, number, in: number)
    append(FK_OP_MINIMUM, number, highest, in: number)
    append(FK_OP_EQUAL, number, number, in: highest)
    append(FK_OP_TRUNCATE, number, 0, in: number)
    return (number, highest)
  }

  private mutating func append(_ opcode: fk_opcode, _ a: Int, _ b: Int, in destination: Int) {
    var code = fk_instruction()
    code.opcode = UInt16(opcode.rawValue)
    code.destination = UInt16(destination)
    code.a = UInt16(a)
    code.b = UInt16(b)
    instructions.append(code)
  }

  /// Whether a later instruction reads a result. One that is only stored becomes whole in the
  /// store; in a register it would keep its fraction.
  private func isReadOn(_ position: Int) -> Bool {
    lastUse[chain.operandCount + position] != nil
  }

  private func comparesWithZero(_ operation: any ChainOpcode) -> Bool {
    if let unary = operation as? Unary { return unary.function == .step }
    if let cast = operation as? Cast { return cast.elementType == .bool }
    return false
  }

  /// The interpreter's select takes its condition last.
  private func ordered(_ sources: [Int], for operation: any ChainOpcode) -> [Int] {
    operation.opcode == FK_OP_SELECT ? [sources[1], sources[2], sources[0]] : sources
  }

  /// Sums and products with a constant have instructions that carry it.
  private func immediate(
    _ operation: any ChainOpcode, _ arguments: [Int]
  ) -> (opcode: fk_opcode, argument: Int, constant: Double)? {
    guard arguments.count == 2 else { return nil }
    switch (operation.opcode, constants[arguments[0]], constants[arguments[1]]) {
    case (FK_OP_ADD, nil, let c?): return (FK_OP_ADD_IMMEDIATE, arguments[0], c)
    case (FK_OP_ADD, let c?, nil): return (FK_OP_ADD_IMMEDIATE, arguments[1], c)
    case (FK_OP_SUBTRACT, nil, let c?): return (FK_OP_ADD_IMMEDIATE, arguments[0], -c)
    case (FK_OP_MULTIPLY, nil, let c?): return (FK_OP_MULTIPLY_IMMEDIATE, arguments[0], c)
    case (FK_OP_MULTIPLY, let c?, nil): return (FK_OP_MULTIPLY_IMMEDIATE, arguments[1], c)
    default: return nil
    }
  }

  private func constant(_ value: Double, in register: Int) -> fk_instruction {
    var code = fk_instruction()
    code.opcode = UInt16(FK_OP_CONSTANT.rawValue)
    code.destination = UInt16(register)
    code.immediate = Float(value)
    return code
  }

  /// The register that holds a value, loading it if it is an operand.
  private mutating func load(_ value: Int) -> Int? {
    if let register = registers.firstIndex(of: value) { return register }
    guard value < chain.operandCount, let register = take() else { return nil }
    registers[register] = value
    if let number = constants[value] {
      instructions.append(constant(number, in: register))
      return register
    }
    if !inputs.contains(value) { inputs.append(value) }
    var code = fk_instruction()
    code.opcode = UInt16(FK_OP_LOAD.rawValue)
    code.destination = UInt16(register)
    code.a = UInt16(inputs.firstIndex(of: value)!)
    instructions.append(code)
    return register
  }

  /// A free register, or that of an operand which can be loaded again.
  private mutating func take() -> Int? {
    registers.indices.first { registers[$0] == -1 && !pinned.contains($0) }
      ?? registers.indices.first {
        registers[$0] < chain.operandCount && !pinned.contains($0)
      }
  }

  private mutating func release(after position: Int) {
    for register in registers.indices where registers[register] >= 0 {
      if lastUse[registers[register]] ?? -1 <= position { registers[register] = -1 }
    }
  }
}

extension Cast {
  /// What the numbers of a whole kind that chains hold lie between.
  fileprivate var bounds: ClosedRange<Double>? {
    switch elementType {
    case .int8: -128...127
    case .uint8: 0...255
    default: nil
    }
  }
}
