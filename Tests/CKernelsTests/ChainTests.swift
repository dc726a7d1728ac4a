import CKernels
import Testing

extension KernelTests {
  /// Whole programs over every kind of array.
  @Suite struct ChainTests {
    /// Operations that keep whole numbers whole and small.
    static let exact: [fk_opcode] = [
      FK_OP_COPY, FK_OP_NEGATE, FK_OP_ABSOLUTE, FK_OP_SIGN, FK_OP_RELU, FK_OP_ADD, FK_OP_SUBTRACT,
      FK_OP_MINIMUM, FK_OP_MAXIMUM, FK_OP_EQUAL, FK_OP_LESS, FK_OP_GREATER_EQUAL, FK_OP_AND,
      FK_OP_XOR, FK_OP_SELECT, FK_OP_ADD_IMMEDIATE, FK_OP_CONSTANT,
    ]

    static func operand(
      _ extents: [Int], type: fk_type, output: Bool, random: inout RandomSource
    ) -> Program.Operand {
      // Axes in any order in memory, some repeated, some reversed, with gaps at times.
      var strides = [Int](repeating: 0, count: extents.count)
      var size = 1
      var origin = 0
      let plain = random.int(0...2) == 0
      let order =
        plain ? Array(extents.indices.reversed()) : extents.indices.shuffled(using: &random)
      for axis in order {
        if !output && random.int(0...3) == 0 { continue }
        let step = size + (plain ? 0 : random.int(0...1))
        let reversed = !plain && random.int(0...4) == 0
        strides[axis] = reversed ? -step : step
        if reversed { origin += step * (extents[axis] - 1) }
        size += step * (extents[axis] - 1)
      }
      let values = random.wholes(size).map(Double.init)
      return Program.Operand(
        type: type, strides: strides, bytes: packed(values, type), origin: origin)
    }

    static func program(_ seed: UInt64) -> Program {
      var random = RandomSource(seed)
      let rank = random.int(0...6)
      let sizes = [1, 2, 3, 5, 7, 16, 17, 33, 130, 400, 1100]
      var extents: [Int] = []
      for _ in 0..<rank {
        let left = 20_000 / extents.reduce(1, *)
        extents.append(sizes.filter { $0 <= left }.randomElement(using: &random)!)
      }
      var types = allTypes
      if random.int(0...1) == 0 { types = [FK_F32] }
      let inputs = (0..<random.int(1...4)).map { _ in
        operand(extents, type: types.randomElement(using: &random)!, output: false, random: &random)
      }
      let outputs = (0..<random.int(1...3)).map { _ in
        operand(extents, type: types.randomElement(using: &random)!, output: true, random: &random)
      }
      var known: [Int] = []
      var instructions: [fk_instruction] = []
      func register() -> Int { known.randomElement(using: &random)! }
      for k in inputs.indices {
        instructions.append(instruction(FK_OP_LOAD, k, k))
        known.append(k)
      }
      for _ in 0..<random.int(0...9) {
        let opcode = exact.randomElement(using: &random)!
        let destination = random.int(0...min(known.count, 15))
        instructions.append(
          instruction(opcode, destination, register(), register(), register(), immediate: 2))
        if !known.contains(destination) { known.append(destination) }
      }
      for k in outputs.indices {
        instructions.append(instruction(FK_OP_STORE, k, register()))
        let destination = random.int(0...min(known.count, 15))
        instructions.append(instruction(FK_OP_ADD, destination, register(), register()))
        if !known.contains(destination) { known.append(destination) }
      }
      return Program(
        instructions: instructions, extents: extents, inputs: inputs, outputs: outputs,
        flags: UInt32(random.int(0...1)) * UInt32(FK_CHAIN_STREAM))
    }

    @Test(arguments: 0..<UInt64(300))
    func agreesWithReference(seed: UInt64) {
      let program = Self.program(seed)
      let wanted = program.run { fk_chain_reference($0) }
      #expect(wanted.status == FK_OK)
      forEachVariant { variant in
        let got = program.run()
        #expect(got.status == FK_OK)
        #expect(got.outputs == wanted.outputs, "variant \(variant.rawValue)")
      }
    }

    @Test func sameOnAnyNumberOfThreads() {
      var random = RandomSource(3)
      let n = 1_000_003
      let program = Program(
        instructions: [
          instruction(FK_OP_LOAD, 0, 0), instruction(FK_OP_TANH, 1, 0),
          instruction(FK_OP_MULTIPLY_ADD, 1, 1, 0, 0), instruction(FK_OP_STORE, 0, 1),
        ], extents: [n], inputs: [.init(random.floats(n, in: -3...3))],
        outputs: [.init([Float](repeating: 0, count: n))])
      let results = onSeveralThreads { program.run().outputs }
      #expect(results.allSatisfy { $0 == results[0] })
    }

    /// p -= m after m was updated in place, and p read again after it was stored.
    @Test(arguments: [1, 100, 5000])
    func outputsMayBeInputs(count: Int) {
      var random = RandomSource(4)
      let start = random.wholes(count)
      let gradient = random.wholes(count)
      let instructions = [
        instruction(FK_OP_LOAD, 0, 0), instruction(FK_OP_LOAD, 1, 1),
        instruction(FK_OP_SUBTRACT, 2, 0, 1), instruction(FK_OP_STORE, 0, 2),
        instruction(FK_OP_ADD, 3, 0, 2), instruction(FK_OP_STORE, 1, 3),
      ]
      forEachVariant { _ in
        var p = start
        var q = gradient
        let status = p.withUnsafeMutableBytes { p in
          q.withUnsafeMutableBytes { q in
            var first = fk_chain_operand()
            first.data = p.baseAddress
            first.stride.0 = 1
            var second = first
            second.data = q.baseAddress
            let operands = [first, second]
            return operands.withUnsafeBufferPointer { operands in
              instructions.withUnsafeBufferPointer { instructions in
                var chain = fk_chain()
                chain.instructions = instructions.baseAddress
                chain.instruction_count = Int32(instructions.count)
                chain.rank = 1
                chain.extent.0 = Int64(count)
                chain.inputs = operands.baseAddress
                chain.input_count = 2
                chain.outputs = operands.baseAddress
                chain.output_count = 2
                return fk_chain_run(&chain)
              }
            }
          }
        }
        #expect(status == FK_OK)
        for k in 0..<count {
          #expect(p[k] == start[k] - gradient[k])
          #expect(q[k] == 2 * start[k] - gradient[k])
        }
      }
    }

    @Test func refusesWhatCannotRun() {
      let good = Program(
        instructions: [
          instruction(FK_OP_LOAD, 0, 0), instruction(FK_OP_RELU, 1, 0),
          instruction(FK_OP_STORE, 0, 1),
        ], extents: [2], inputs: [.init([1, -1])], outputs: [.init([7, 7])])
      #expect(good.run().status == FK_OK)
      var changed = good
      func refused(_ comment: String) {
        let (status, outputs) = changed.run()
        #expect(status == FK_BAD_ARGUMENT, "\(comment)")
        #expect(outputs[0].floats == [7, 7], "\(comment)")
        changed = good
      }
      changed.instructions[1].opcode = 52
      refused("no opcode")
      changed.instructions[1].a = 3
      refused("a register nobody wrote")
      changed.instructions[1].a = 16
      refused("no register")
      changed.instructions[1].destination = 16
      refused("no register to write")
      changed.instructions[0].a = 1
      refused("no input")
      changed.instructions[2].destination = 1
      refused("no output")
      changed.extents = [-1]
      refused("a negative extent")
      changed.extents = [.max / 2, 4]
      refused("more elements than numbers")
      changed.outputs[0].strides = [0]
      refused("an output repeated")
      changed.inputs[0].type = fk_type(9)
      refused("no type")
    }
  }
}
