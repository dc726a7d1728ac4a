package import FoveaTensor

/// Several element-wise operators as one: every element is read once, taken through all of them,
/// and written once.
package struct ElementwiseChain: Operator {
  /// One operator of the chain; its arguments are operands of the chain, counted first, and results
  /// of earlier instructions, counted on.
  package struct Instruction: Sendable {
    package let operation: any ElementwiseOperator
    package let arguments: [Int]

    package init(_ operation: any ElementwiseOperator, _ arguments: [Int]) {
      self.operation = operation
      self.arguments = arguments
    }
  }

  package let operandCount: Int
  package let instructions: [Instruction]
  /// Which instructions' values leave the chain, counted as arguments are.
  package let outputs: [Int]

  package init(
    operandCount: Int, instructions: [Instruction], outputs: [Int]
  ) {
    self.operandCount = operandCount
    self.instructions = instructions
    self.outputs = outputs
  }

  package var name: String {
    instructions.map(\.operation.name).joined(separator: "·")
  }

  /// The types of all values: operands, then instructions.
  package func valueTypes(of operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    var types = operands
    for instruction in instructions {
      types.append(try instruction.operation.type(of: instruction.arguments.map { types[$0] }))
    }
    return types
  }

  package func types(of operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try expect(operands, count: operandCount)
    let types = try valueTypes(of: operands)
    return outputs.map { types[$0] }
  }

  package func evaluate(_ operands: [HostArray], into results: inout [HostArray]) {
    let shape = results[0].shape
    let maps = operands.map { Broadcast($0.shape, to: shape) }
    var values = [Double](repeating: 0, count: operandCount + instructions.count)
    for index in 0..<shape.count {
      for operand in 0..<operandCount {
        values[operand] = operands[operand].scalars[maps[operand].source(of: index)]
      }
      for (position, instruction) in instructions.enumerated() {
        let x = instruction.arguments.map { values[$0] }
        values[operandCount + position] = instruction.operation.element(
          x[0], x.count > 1 ? x[1] : 0, x.count > 2 ? x[2] : 0)
      }
      for (result, output) in outputs.enumerated() {
        results[result].scalars[index] = values[output]
      }
    }
  }
}

extension ElementwiseChain.Instruction: Hashable {
  package static func == (left: Self, right: Self) -> Bool {
    left.arguments == right.arguments && left.operation.isEqual(to: right.operation)
  }

  package func hash(into hasher: inout Hasher) {
    operation.hash(into: &hasher)
    hasher.combine(arguments)
  }
}
