import CKernels
import Testing

// The number of threads is one for all: beside tests that set it no others may run that do.
extension ConvolutionTests {
  @Suite(.serialized) struct WinogradTests {
    /// Numbers between -1 and 1.
    private static func numbers(_ seed: Int) -> () -> Float {
      var next = seed
      return {
        next = (next &* 1_103_515_245 &+ 12_345) & 0x7FFF_FFFF
        return Float(next >> 8) / 4_194_304 - 1
      }
    }

    private static func conv(
      _ batch: Int64, _ inputs: Int64, _ outputs: Int64, _ size: (Int64, Int64),
      low: (Int64, Int64) = (1, 1), high: (Int64, Int64) = (1, 1)
    ) -> fk_winograd {
      fk_winograd(
        batch: batch, in: inputs, out: outputs, size: size,
        out_size: (size.0 + low.0 + high.0 - 2, size.1 + low.1 + high.1 - 2), low: low, threads: 2,
        half: 0)
    }

    /// A case from a number: odd sizes, every padding, channels that do not fill blocks, every ending.
    private static func example(_ seed: Int) -> WinogradCase {
      var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
      func pick(_ range: ClosedRange<Int64>) -> Int64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return range.lowerBound + Int64(state >> 33) % (range.upperBound - range.lowerBound + 1)
      }
      func axis() -> (size: Int64, low: Int64, high: Int64) {
        let (low, high) = (pick(0...2), pick(0...2))
        return (max(pick(1...15), 3 - low - high), low, high)
      }
      let (rows, columns) = (axis(), axis())
      var example = WinogradCase(
        conv(
          pick(1...3), pick(1...40), pick(1...52), (rows.size, columns.size),
          low: (rows.low, columns.low), high: (rows.high, columns.high)), numbers(seed))
      example.hasBias = pick(0...1) == 1
      example.isAdding = pick(0...1) == 1
      example.isFilterBlocked = pick(0...1) == 1
      example.isAdjoint = pick(0...1) == 1
      switch pick(0...3) {
      case 0: example.limits.least = 0
      case 1: example.limits = (0.5, 6)
      default: break
      }
      return example
    }

    /// Runs a case with every instruction set there is.
    private func onEveryVariant(_ example: WinogradCase, _ check: (WinogradCase.Result) -> Void) {
      defer { _ = fk_force_isa(-1) }
      for variant in [FK_ISA_PORTABLE, FK_ISA_AVX2, FK_ISA_AVX512] {
        guard fk_force_isa(Int32(variant.rawValue)) != 0 else { continue }
        check(example.result())
      }
    }

    /// The relative error in the 2-norm.
    private func error(_ found: [Float], _ exact: [Double]) -> Double {
      guard found.count == exact.count else { return .infinity }
      var (difference, norm) = (0.0, 0.0)
      for (a, b) in zip(found, exact) {
        difference += (Double(a) - b) * (Double(a) - b)
        norm += b * b
      }
      return norm > 0 ? (difference / norm).squareRoot() : difference.squareRoot()
    }

    private func checkNear(_ example: WinogradCase, within bound: Double = 2e-6) {
      let exact = example.reference()
      onEveryVariant(example) { result in
        #expect(error(result.y, exact) <= bound, "\(example)")
        #expect(result.filling.allSatisfy { $0 == 0 }, "\(example)")
        #expect(result.isAroundUntouched, "\(example)")
      }
    }

    @Test(arguments: 1...120) func manyShapesAreNear(_ seed: Int) { checkNear(Self.example(seed)) }

    /// Between its operands and its result it computes with as many bits as ever.
    @Test(arguments: 1...120) func halvesAreRoundedOnce(_ seed: Int) {
      var example = Self.example(seed)
      example.narrow()
      let exact = example.reference()
      let largest = exact.reduce(0) { max($0, abs($1)) }
      onEveryVariant(example) { result in
        #expect(result.y.count == exact.count)
        let farthest = zip(result.y, exact).map { abs(Double($0) - $1) - abs($1) / 256 }.max()
        #expect((farthest ?? 0) <= 1e-5 * largest, "\(example)")
        #expect(result.filling.allSatisfy { $0 == 0 }, "\(example)")
        #expect(result.isAroundUntouched, "\(example)")
      }
    }

    @Test func everySizeAndPaddingIsNear() {
      for size in 1...15 as ClosedRange<Int64> {
        for low in 0...2 as ClosedRange<Int64> {
          for high in 0...2 as ClosedRange<Int64> where size + low + high >= 3 {
            checkNear(
              WinogradCase(
                Self.conv(1, 2, 3, (size, 16 - size), low: (low, 1), high: (high, 1)),
                Self.numbers(Int(size))))
          }
        }
      }
    }

    @Test func longSumsAreNear() {
      for inputs in [128, 129, 272] as [Int64] {
        checkNear(WinogradCase(Self.conv(1, inputs, 33, (8, 7)), Self.numbers(Int(inputs))))
      }
    }

    @Test func threadsDoNotChangeResults() {
      defer { fk_set_threads(0) }
      let shapes = [
        Self.conv(1, 40, 100, (7, 7)), Self.conv(5, 20, 30, (15, 14)),
        Self.conv(2, 3, 33, (33, 40)), Self.conv(1, 1, 1, (1, 1)),
      ]
      for (seed, shape) in shapes.enumerated() {
        var example = WinogradCase(shape, Self.numbers(seed))
        fk_set_threads(1)
        example.conv.threads = 1
        let alone = example.result()
        #expect(error(alone.y, example.reference()) <= 2e-6)
        for (threads, cut) in [(2, 2), (3, 3), (7, 7), (3, 1), (1, 4), (2, 64)] as [(Int32, Int64)]
        {
          // There may be other threads than a run was cut for.
          fk_set_threads(threads)
          example.conv.threads = cut
          let result = example.result()
          #expect(result.y == alone.y, "\(example), in fact \(threads)")
          #expect(result.isAroundUntouched, "\(example), in fact \(threads)")
        }
      }
    }

    @Test func aBatchIsItsImages() {
      let whole = WinogradCase(Self.conv(4, 18, 20, (9, 6)), Self.numbers(3))
      let size = whole.x.count / 4
      var parts: [Float] = []
      for n in 0..<4 {
        var values = whole.x[n * size..<(n + 1) * size] + whole.w + whole.bias
        values += [Float](repeating: 0, count: whole.residual.count / 4)
        var numbers = values.makeIterator()
        parts += WinogradCase(Self.conv(1, 18, 20, (9, 6))) { numbers.next()! }.result().y
      }
      #expect(whole.result().y == parts)
    }

    @Test func limitsKeepWhatIsNoNumber() {
      var example = WinogradCase(Self.conv(1, 1, 2, (3, 9)), Self.numbers(1))
      var values = example.x
      values[0] = .nan
      values += example.w + example.bias + example.residual
      var numbers = values.makeIterator()
      example = WinogradCase(example.conv) { numbers.next()! }
      example.limits = (0, 6)
      onEveryVariant(example) { result in
        // Whatever shares its tile may become none as well; the next but one does not.
        #expect(result.y[0].isNaN)
        #expect(!result.y[8].isNaN)
        #expect(result.filling.allSatisfy { $0 == 0 })
      }
    }

    @Test func scratchMemoryIsAskedFor() {
      for seed in 1...20 {
        let example = Self.example(seed)
        #expect(example.result().status == FK_OK)
        #expect(example.result(missingScratch: 1).status == FK_BAD_ARGUMENT)
      }
    }

    @Test func nonsenseIsRefused() {
      let good = Self.conv(2, 3, 4, (5, 6))
      var bad: [fk_winograd] = []
      for change: (inout fk_winograd) -> Void in [
        { $0.batch = 0 }, { $0.in = 0 }, { $0.out = -1 }, { $0.size.0 = 0 }, { $0.out_size.1 = 0 },
        { $0.low.0 = -1 }, { $0.low.1 = 3 }, { $0.out_size.0 = 2 }, { $0.out_size.1 = 8 },
        { $0.threads = 0 }, { $0.threads = .max }, { $0.batch = .max }, { $0.in = .max },
        { $0.size.0 = .max },
        {
          $0.batch = 1 << 20
          $0.size = (1 << 20, 1 << 20)
          $0.out_size = $0.size
        },
      ] {
        var conv = good
        change(&conv)
        bad.append(conv)
      }
      var conv = good
      #expect(fk_winograd_is_valid(&conv) == 1)
      #expect(fk_winograd_scratch(&conv) > 0)
      for var conv in bad {
        #expect(fk_winograd_is_valid(&conv) == 0, "\(conv)")
        #expect(fk_winograd_scratch(&conv) == -1)
        #expect(fk_winograd_filter_bytes(&conv) == -1)
      }
      #expect(fk_winograd_is_valid(nil) == 0)
    }

    @Test func misplacedMemoryIsRefused() {
      var conv = Self.conv(1, 2, 2, (4, 4))
      let memory = Guarded([Float](repeating: 0, count: 1 << 16))
      let (start, beside) = (memory.start, memory.start + 1)
      var filter = fk_winograd_filter(weights: start, is_blocked: 0, is_adjoint: 0)
      #expect(fk_winograd_transform(&conv, &filter, start + 64) == FK_OK)
      #expect(fk_winograd_transform(&conv, &filter, beside) == FK_BAD_ARGUMENT)
      #expect(fk_winograd_transform(&conv, nil, start) == FK_BAD_ARGUMENT)
      filter = fk_winograd_filter(weights: beside, is_blocked: 1, is_adjoint: 0)
      #expect(fk_winograd_transform(&conv, &filter, start) == FK_BAD_ARGUMENT)
      filter.weights = nil
      #expect(fk_winograd_transform(&conv, &filter, start) == FK_BAD_ARGUMENT)
      var end = fk_winograd_end(bias: nil, is_adding: 0, least: 0, most: 1)
      for misplaced in 0..<4 {
        let places = (0..<4).map { $0 == misplaced ? beside : start }
        let status = fk_winograd_run(
          &conv, places[0], places[1], &end, places[2], places[3], 1 << 18)
        #expect(status == FK_BAD_ARGUMENT)
      }
      #expect(fk_winograd_run(&conv, start, start, nil, start, start, 1 << 18) == FK_BAD_ARGUMENT)
    }
  }
}
