import CKernels

/// A chain in Swift: instructions, extents, and operands as bytes.
struct Program {
  struct Operand {
    var type: fk_type
    var strides: [Int]
    var bytes: [UInt8]
    /// Where element 0 lies, in elements; not 0 with negative strides.
    var origin = 0
  }

  var instructions: [fk_instruction]
  var extents: [Int]
  var inputs: [Operand]
  var outputs: [Operand]
  var flags: UInt32 = 0

  /// Runs on copies and answers the outputs' bytes, or the refusal.
  func run(
    _ body: (UnsafePointer<fk_chain>) -> fk_status = { fk_chain_run($0) }
  ) -> (status: fk_status, outputs: [[UInt8]]) {
    let memory = (inputs + outputs).map { operand -> UnsafeMutableRawBufferPointer in
      let bytes = UnsafeMutableRawBufferPointer.allocate(
        byteCount: max(operand.bytes.count, 1), alignment: 64)
      bytes.copyBytes(from: operand.bytes)
      return bytes
    }
    defer { for bytes in memory { bytes.deallocate() } }
    let operands = zip(inputs + outputs, memory).map { operand, bytes in
      var result = fk_chain_operand()
      result.data = bytes.baseAddress! + operand.origin * Int(fk_type_size(operand.type))
      result.type = operand.type
      operand.strides.map(Int64.init).fill(&result.stride)
      return result
    }
    let status = operands.withUnsafeBufferPointer { operands in
      instructions.withUnsafeBufferPointer { instructions in
        var chain = fk_chain()
        chain.instructions = instructions.baseAddress
        chain.instruction_count = Int32(instructions.count)
        chain.rank = Int32(extents.count)
        extents.map(Int64.init).fill(&chain.extent)
        chain.inputs = operands.baseAddress
        chain.input_count = Int32(inputs.count)
        chain.outputs = operands.baseAddress.map { $0 + inputs.count }
        chain.output_count = Int32(outputs.count)
        chain.flags = flags
        return body(&chain)
      }
    }
    return (
      status, zip(outputs, memory.dropFirst(inputs.count)).map { Array($1.prefix($0.bytes.count)) }
    )
  }
}

func instruction(
  _ opcode: fk_opcode, _ destination: Int, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0,
  immediate: Float = 0
) -> fk_instruction {
  fk_instruction(
    opcode: UInt16(opcode.rawValue), destination: UInt16(destination), a: UInt16(a), b: UInt16(b),
    c: UInt16(c), immediate: immediate)
}

extension Program.Operand {
  init(_ values: [Float], strides: [Int] = [1]) {
    self.init(
      type: FK_F32, strides: strides, bytes: values.withUnsafeBytes { Array($0) })
  }
}

extension [UInt8] {
  var floats: [Float] {
    withUnsafeBytes { bytes in
      (0..<count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
  }
}
