import CKernels
import Testing

@Suite(.serialized) struct ConvolutionTests {
  /// A shape from a number; everything small, now and then a large image.
  private static func shape(_ seed: Int) -> fk_conv {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    func pick(_ range: ClosedRange<Int64>) -> Int64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return range.lowerBound + Int64(state >> 33) % (range.upperBound - range.lowerBound + 1)
    }
    func axis() -> (size: Int64, out: Int64, kernel: Int64, stride: Int64, low: Int64) {
      let (kernel, stride, low, high) = (pick(1...7), pick(1...3), pick(0...3), pick(0...3))
      let size = max(pick(1...(seed % 10 == 0 ? 40 : 12)), kernel - low - high, 1)
      return (size, (size + low + high - kernel) / stride + 1, kernel, stride, low)
    }
    let (rows, columns) = (axis(), axis())
    return fk_conv(
      batch: pick(1...35), in: pick(1...16), out: pick(1...18), size: (rows.size, columns.size),
      out_size: (rows.out, columns.out), kernel: (rows.kernel, columns.kernel),
      stride: (rows.stride, columns.stride), low: (rows.low, columns.low),
      image_in_lanes: 0, output_in_lanes: 0)
  }

  private static var variants: [fk_isa] { [FK_ISA_PORTABLE, FK_ISA_AVX2, FK_ISA_AVX512] }

  /// Runs a case with every instruction set there is and one to three threads.
  private func onEveryVariant(_ example: ConvolutionCase, _ check: ([[Float]]) -> Void) {
    defer {
      _ = fk_force_isa(-1)
      fk_set_threads(0)
    }
    for variant in Self.variants {
      guard fk_force_isa(Int32(variant.rawValue)) != 0 else { continue }
      fk_set_threads(1)
      let alone = example.results()
      for threads: Int32 in [2, 3] {
        fk_set_threads(threads)
        #expect(example.results() == alone, "\(example), \(threads) threads")
      }
      check(alone)
    }
  }

  /// The same on one thread.
  private func onEveryVariantOnce(_ example: ConvolutionCase, _ check: ([[Float]]) -> Void) {
    defer { _ = fk_force_isa(-1) }
    for variant in Self.variants where fk_force_isa(Int32(variant.rawValue)) != 0 {
      check(example.results())
    }
  }

  @Test func wholeNumbersAreExact() {
    for seed in 1...150 {
      var next = seed
      let example = ConvolutionCase(Self.shape(seed)) {
        next = (next &* 1_103_515_245 &+ 12_345) & 0x7FFF_FFFF
        return Float((next >> 16) % 7 - 3)
      }
      let (y, gradients) = example.reference()
      let expected = [y, gradients.dx, gradients.dw, gradients.dbias].map { $0.map(Float.init) }
      onEveryVariant(example) { #expect($0 == expected, "\(example)") }
    }
  }

  @Test func tensorsInLanesGiveTheSame() {
    for seed in 300...360 {
      var shape = Self.shape(seed)
      shape.batch = seed % 2 == 0 ? 16 : 48
      var next = seed
      let example = ConvolutionCase(shape) {
        next = (next &* 1_103_515_245 &+ 12_345) & 0x7FFF_FFFF
        return Float((next >> 16) % 7 - 3)
      }
      for variant in Self.variants where fk_force_isa(Int32(variant.rawValue)) != 0 {
        let plain = example.results()
        #expect(plain.count == 4)
        for (image, output) in [(true, false), (false, true), (true, true)] {
          #expect(example.results(imageInLanes: image, outputInLanes: output) == plain)
        }
      }
      _ = fk_force_isa(-1)
    }
  }

  @Test func lanesMustBeFull() {
    var conv = Self.shape(1)
    conv.batch = fk_conv_lanes() + 1
    #expect(fk_conv_is_valid(&conv) == 1)
    conv.output_in_lanes = 1
    #expect(fk_conv_is_valid(&conv) == 0)
    conv.batch -= 1
    #expect(fk_conv_is_valid(&conv) == 1)
  }

  @Test func fractionsAreNear() {
    for seed in 1000...1030 {
      var next = seed
      let example = ConvolutionCase(Self.shape(seed)) {
        next = (next &* 1_103_515_245 &+ 12_345) & 0x7FFF_FFFF
        return Float(next >> 8) / 4_194_304 - 1
      }
      let (y, gradients) = example.reference()
      onEveryVariant(example) { results in
        for (found, exact) in zip(
          results, [y, gradients.dx, gradients.dw, gradients.dbias])
        {
          var (difference, norm) = (0.0, 0.0)
          for (a, b) in zip(found, exact) {
            difference += (Double(a) - b) * (Double(a) - b)
            norm += b * b
          }
          #expect(difference.squareRoot() <= 2e-6 * norm.squareRoot(), "\(example)")
        }
      }
    }
  }

  @Test func rectifyingKeepsWhatIsNoNumber() {
    let one = fk_conv(
      batch: 3, in: 1, out: 1, size: (1, 2), out_size: (1, 2), kernel: (1, 1), stride: (1, 1),
      low: (0, 0), image_in_lanes: 0, output_in_lanes: 0)
    // Six pixels, the weight, the bias, and six gradients.
    var values: [Float] = [.nan, -1, 2, -.infinity, .infinity, -0.5, 1, 0, 0, 0, 0, 0, 0, 0]
    let example = ConvolutionCase(one) { values.removeFirst() }
    onEveryVariantOnce(example) { results in
      #expect(results[0][0].isNaN)
      #expect(Array(results[0][1...]) == [0, 2, 0, .infinity, 0])
    }
  }

  @Test func nonsenseIsRefused() {
    let good = Self.shape(1)
    var bad: [fk_conv] = []
    for change: (inout fk_conv) -> Void in [
      { $0.batch = 0 }, { $0.in = 0 }, { $0.out = -1 }, { $0.size.0 = 0 }, { $0.out_size.1 = 0 },
      { $0.kernel.0 = 0 }, { $0.kernel.1 = 65 }, { $0.stride.0 = 0 }, { $0.stride.1 = 9 },
      { $0.low.0 = -1 }, { $0.batch = .max },
      {
        $0.batch = 1 << 20
        $0.size = (1 << 20, 1 << 20)
      },
    ] {
      var one = good
      change(&one)
      bad.append(one)
    }
    for var conv in bad {
      #expect(fk_conv_is_valid(&conv) == 0)
      #expect(fk_conv_scratch(&conv, FK_CONV_FILTER) == -1)
    }
    let example = ConvolutionCase(good) { 1 }
    var (conv, y) = (good, example.dy)
    let size = fk_conv_scratch(&conv, FK_CONV_FORWARD)
    let scratch = fk_allocate(size)!
    defer { fk_free(scratch) }
    func run(_ scratch: UnsafeMutableRawPointer?, _ size: Int64) -> fk_status {
      fk_conv_forward(&conv, example.x, example.w, nil, 0, &y, scratch, size)
    }
    #expect(run(scratch, size) == FK_OK)
    #expect(run(scratch, size - 1) == FK_BAD_ARGUMENT)
    #expect(run(scratch + 4, size) == FK_BAD_ARGUMENT)
    #expect(run(nil, size) == FK_BAD_ARGUMENT)
  }
}
