import FoveaCompiler
import FoveaTensor
import FoveaTestSupport
import Testing

@testable import FoveaRuntime

/// Convolutions of bytes against their meaning.
@Suite(.enabled(if: Precision.multipliesBytes, "the processor does not multiply bytes"))
struct QuantizedPlanTests {
  /// A convolution with operands of which all arithmetic is exact: steps are powers of two.
  struct Case: CustomStringConvertible {
    var image: ElementType = .uint8
    var result: ElementType? = .uint8
    var residual: ElementType?
    var activation = Activation.relu
    var size = [9, 7]
    var channels = (5, 20)
    var kernel = [3, 3]
    var groups = 1
    var stride: Extents = [1, 1]

    var description: String {
      "\(image) → \(result.map { "\($0)" } ?? "real") \(activation) + "
        + "\(residual.map { "\($0)" } ?? "nothing"), \(channels), \(kernel), \(groups) groups"
    }

    var geometry: ConvolutionGeometry {
      let sides = Extents(kernel.map { $0 / 2 })
      return ConvolutionGeometry(
        stride: stride, dilation: Extents(kernel.map { _ in 1 }), low: sides, high: sides,
        groups: groups)
    }

    func operation(image: Float, residual: Float, result: Float) -> QuantizedConvolution {
      let kind: QuantizedConvolution.Residual =
        switch self.residual {
        case .none: .none
        case .float32: .real
        case .some(let type): .bytes(ByteScale(type, step: residual))
        }
      return QuantizedConvolution(
        geometry, image: ByteScale(self.image, step: image), hasBias: true, residual: kind,
        activation: activation, result: self.result.map { ByteScale($0, step: result) })
    }
  }

  static let cases: [Case] = [
    Case(), Case(image: .int8), Case(result: .int8, activation: .none), Case(result: nil),
    Case(image: .int8, result: nil, activation: .none),
    Case(residual: .uint8), Case(residual: .int8),
    Case(image: .int8, result: .int8, residual: .uint8, activation: .none),
    Case(result: nil, residual: .float32), Case(activation: .clamp(0, 6)),
    Case(channels: (3, 16), kernel: [7, 7], stride: [2, 2]),
    Case(channels: (64, 48), kernel: [1, 1]),
    Case(image: .int8, channels: (24, 24), groups: 24),
    Case(channels: (16, 16), groups: 16, stride: [2, 2]),
    Case(size: [30], channels: (8, 8), kernel: [5], stride: [1]),
    Case(size: [5, 6, 4], channels: (4, 8), kernel: [3, 3, 3], stride: [1, 1, 1]),
    Case(size: [1, 1], channels: (100, 10), kernel: [1, 1]),
  ]

  static func bytes(_ shape: Shape, _ type: ElementType, _ seed: String) -> Tensor {
    guard type != .float32 else { return Images.integers(shape, seed) }
    var random = TestRandom(seed: seed)
    let low = type == .int8 ? -128.0 : 0
    return Tensor(
      (0..<shape.count).map { _ in random.uniform(low...low + 255).rounded() }, shape: shape,
      as: type)
  }

  /// The operands, as data or as states; `steps` gives those of the filter.
  static func operands(
    _ test: Case, role: Node.Role, _ steps: (Int) -> Double
  ) throws -> [Tensor] {
    let x = bytes(Shape([2, test.channels.0] + test.size), test.image, "x")
    let w = bytes(
      Shape([test.channels.1, test.channels.0 / test.groups] + test.kernel), .int8, "w")
    let scales = Tensor((0..<w.shape[0]).map(steps), shape: [w.shape[0]], as: .float32)
    let fixed = [w, scales, Images.integers([w.shape[0]], "b")].map {
      Tensor($0.value!, role: role)
    }
    let output = try test.geometry.outputShape("test", image: x.shape, filter: w.shape)
    return [x] + fixed + (test.residual.map { [bytes(output, $0, "r")] } ?? [])
  }

  @Test(arguments: cases) func arithmeticIsExact(_ test: Case) throws {
    for role in [Node.Role.data, .state] {
      let operation = test.operation(image: 0x1p-4, residual: 0x1p-3, result: 0x1p-1)
      let operands = try Self.operands(test, role: role) { [0x1p-6, 0x1p-7, 0x1p-9][$0 % 3] }
      let y: Tensor = try .recording(operation, operands)
      for run in 1...2 { #expect(try FastPath.error([y]) == 0, "run \(run)") }
      #expect(try FastPath.fallbacks([y]) == [])
      // Were all of them cut off, nothing would have been tested.
      let numbers = Set(y.scalars())
      #expect(numbers.count > 3)
    }
  }

  /// With any steps, numbers near a half may go to either side, and no further.
  @Test(arguments: cases, [Activation?.none, .silu]) func roundingIsWithinOne(
    _ test: Case, _ activation: Activation?
  ) throws {
    var test = test
    if let activation { test.activation = activation }
    let operation = test.operation(image: 0.0173, residual: 0.0311, result: 0.0437)
    let operands = try Self.operands(test, role: .state) { 0.00091 * Double($0 % 7 + 1) }
    let y: Tensor = try .recording(operation, operands)
    let fast = try Engine.run(results: [y]).results[0].scalars
    let exact = Interpreter.evaluate([y])[0].scalars
    if test.result == nil {
      #expect(try FastPath.error([y]) < 1e-5)
      return
    }
    let differing = zip(fast, exact).filter { $0 != $1 }
    #expect(differing.allSatisfy { abs($0 - $1) == 1 })
    #expect(differing.count * 200 <= fast.count, "\(differing.count) of \(fast.count)")
  }

  @Test func newWeightsGiveNewScales() throws {
    let test = Case()
    let operation = test.operation(image: 0x1p-4, residual: 0x1p-3, result: 0x1p-1)
    for factor in [0x1p-6, 0x1p-8] {
      let operands = try Self.operands(test, role: .state) { _ in factor }
      #expect(try FastPath.error([try .recording(operation, operands)]) == 0)
    }
  }

  @Test(arguments: [ElementType.uint8, .int8]) func conversionsAreExact(_ type: ElementType) throws
  {
    let scale = ByteScale(type, step: 0.037)
    var random = TestRandom(seed: "conversions")
    for shape: Shape in [[2, 5, 6, 7], [2, 3, 9], [1, 17, 1, 1], [3, 40]] {
      let x = Tensor((0..<shape.count).map { _ in Float(random.uniform(-12...12)) }, shape: shape)
      let q: Tensor = try .recording(Quantize(scale), [x])
      let y: Tensor = try .recording(Dequantize(scale), [q])
      #expect(try FastPath.error([q, y]) == 0, "\(shape)")
      #expect(try FastPath.fallbacks([q, y]) == [])
    }
    // Halves go to the even neighbour, what is too large to the last.
    let halves = Tensor([0.5, 1.5, 2.5, -0.5, -1.5, 300, -300], shape: [1, 7, 1])
    let q: Tensor = try .recording(Quantize(ByteScale(type, step: 1)), [halves])
    let expected: [Float] =
      type == .uint8 ? [0, 2, 2, 0, 0, 255, 0] : [0, 2, 2, 0, -2, 127, -128]
    #expect(q.scalars() == expected)
  }

  @Test func filtersAreScaledByChannel() throws {
    var random = TestRandom(seed: "filter")
    var numbers = (0..<6 * 40).map { _ in Float(random.uniform(-3...3)) }
    for index in 0..<40 { numbers[index] = 0 }
    numbers[50] = .nan
    let w = Tensor(numbers, shape: [6, 4, 2, 5])
    let node = Node(QuantizeFilter(), [w], try QuantizeFilter().types(of: [w.type]))
    let results = [Tensor(node, 0), Tensor(node, 1)]
    #expect(try FastPath.error(results) == 0)
    #expect(try FastPath.fallbacks(results) == [])
    let (bytes, steps) = (results[0].scalars(), results[1].scalars())
    #expect(steps[0] == 1)
    #expect(bytes[..<40].allSatisfy { $0 == 0 })
    for channel in 1..<6 {
      #expect(bytes[channel * 40..<channel * 40 + 40].map(abs).max() == 127)
    }
  }

  @Test(arguments: [ElementType.uint8, .int8], [false, true])
  func largestBytesArePooled(_ type: ElementType, isCeiling: Bool) throws {
    let x = Self.bytes([2, 12, 10, 8], type, "pool")
    let y = x.maxPooled(3, stride: 2, padding: 1, ceil: isCeiling)
    #expect(try FastPath.error([y]) == 0)
    #expect(try FastPath.fallbacks([y]) == [])
  }
}
