import FoveaTensor
import Testing

@Suite struct ElementTypeTests {
  /// Patterns and the numbers they stand for, after IEEE 754.
  private static let halves: [(UInt16, Double)] = [
    (0x0000, 0), (0x0001, 0x1p-24), (0x03FF, 0x1.FF8p-15), (0x0400, 0x1p-14), (0x3C00, 1),
    (0x3C01, 1.0009765625), (0xC000, -2), (0x3555, 0.333251953125), (0x7BFF, 65504),
    (0x7C00, .infinity), (0xFC00, -.infinity), (0x4248, 3.140625),
  ]

  private static let brains: [(UInt16, Double)] = [
    (0x0000, 0), (0x0001, 0x1p-133), (0x007F, 0x1.FCp-127), (0x0080, 0x1p-126), (0x3F80, 1),
    (0x3F81, 1.0078125), (0xC000, -2), (0x3EAB, 0.333984375), (0x7F7F, 0x1.FEp127),
    (0x7F80, .infinity), (0xFF80, -.infinity), (0x4049, 3.140625),
  ]

  @Test func knownPatterns() {
    for (bits, value) in Self.halves {
      #expect(SmallFloat.float16.bits(value) == bits)
      #expect(SmallFloat.float16.value(bits) == value)
    }
    for (bits, value) in Self.brains {
      #expect(SmallFloat.bfloat16.bits(value) == bits)
      #expect(SmallFloat.bfloat16.value(bits) == value)
    }
  }

  @Test(arguments: [SmallFloat.bfloat16, .float16])
  func everyPatternSurvivesTheRoundTrip(_ layout: SmallFloat) {
    var numbers = 0
    for bits in UInt16.min...UInt16.max {
      let value = layout.value(bits)
      if value.isNaN {
        #expect(layout.value(layout.bits(value)).isNaN)
      } else {
        numbers += 1
        if layout.bits(value) != bits { Issue.record("\(bits) came back as \(layout.bits(value))") }
        if Double(layout.rounded(value)) != value { Issue.record("\(value) was rounded") }
      }
    }
    // All but the patterns whose exponent is all ones and whose fraction is not zero.
    #expect(numbers == 65_536 - 2 * ((layout == .bfloat16 ? 128 : 1024) - 1))
  }

  @Test func roundsOnceAndToEven() {
    let half = ElementType.float16
    #expect(half.rounded(1 + 0x1p-11) == 1)
    #expect(half.rounded(1 + 3 * 0x1p-11) == 1 + 0x1p-9)
    #expect(half.rounded(1 + 0x1p-11 + 0x1p-40) == 1 + 0x1p-10)
    #expect(half.rounded(0x1p-25) == 0)
    #expect(half.rounded(0x1p-25 + 0x1p-50) == 0x1p-24)
    #expect(half.rounded(0x1p-24 * 1.5) == 0x1p-23)
    #expect(half.rounded(65519.99) == 65504)
    #expect(half.rounded(65520) == .infinity)
    #expect(half.rounded(-1e300) == -.infinity)
    #expect(half.rounded(.nan).isNaN)
    #expect(half.rounded(-0.0).sign == .minus)
    let brain = ElementType.bfloat16
    #expect(brain.rounded(1 + 0x1p-8) == 1)
    #expect(brain.rounded(1 + 3 * 0x1p-8) == 1 + 0x1p-6)
    // Through single precision this would be a tie, and end at 1.
    #expect(brain.rounded(1 + 0x1p-8 + 0x1p-40) == 1 + 0x1p-7)
    #expect(brain.rounded(0x1p-134) == 0)
    #expect(brain.rounded(0x1.8p-134) == 0x1p-133)
    #expect(brain.rounded(0x1.FEFFFFp127) == 0x1.FEp127)
    #expect(brain.rounded(0x1.FFp127) == .infinity)
    #expect(ElementType.float32.rounded(1 + 0x1p-30) == 1)
  }

  @Test func roundsLikeTheLanguagesOwnHalf() {
    #if !os(macOS) || arch(arm64)
      var value = 1e-9
      while value < 1e6 {
        #expect(ElementType.float16.rounded(value) == Double(Float16(value)))
        #expect(SmallFloat.float16.bits(-value) == Float16(-value).bitPattern)
        value *= 1.0137
      }
    #endif
  }

  @Test func wholeNumbersStopAtTheirBounds() {
    #expect(ElementType.int8.rounded(200) == 127)
    #expect(ElementType.int8.rounded(-200) == -128)
    #expect(ElementType.uint8.rounded(-1) == 0)
    #expect(ElementType.uint8.rounded(255.9) == 255)
    #expect(ElementType.int32.rounded(-2.9) == -2)
    #expect(ElementType.int32.rounded(1e300) == 2_147_483_647)
    #expect(ElementType.int64.rounded(1e300) == 0x1p63 - 1024)
    #expect(ElementType.int64.rounded(.nan) == 0)
    #expect(ElementType.bool.rounded(0.1) == 1)
    #expect(ElementType.bool.rounded(-0.0) == 0)
  }

  @Test(arguments: ElementType.allCases) func memoryHoldsWhatIsRounded(_ elementType: ElementType) {
    let scalars = [0, 1, -1, 2.5, 1e3, -1e6, 1e-3, 0.1]
    let tensor = Tensor(scalars, shape: [8], as: elementType)
    let stored = Interpreter.evaluate([tensor])[0]
    #expect(stored.scalars == scalars.map(elementType.rounded))
    #expect(stored.type.byteCount == 8 * elementType.size)
    let again = Interpreter.evaluate([Tensor(stored)])[0]
    #expect(again == stored)
  }

  @Test func castsRoundAndHaveAGradientBetweenFractions() throws {
    let x = Tensor([1.00390625, 300, -0.5], shape: [3], as: .float64)
    let y = x.cast(to: .bfloat16)
    let values = Interpreter.evaluate([
      y, x.cast(to: .int8), x.cast(to: .bool),
      gradient(of: (y * y).sum(), withRespectTo: x),
    ])
    #expect(values.map(\.scalars) == [[1, 300, -0.5], [1, 127, 0], [1, 1, 1], [2, 600, -1]])
    #expect(values[3].type.elementType == .float64)
    #expect(throws: ShapeError.self) {
      let objective = x.cast(to: .int32).cast(to: .float64).sum()
      _ = try recordingGradients(of: objective, withRespectTo: [x])
    }
  }
}
