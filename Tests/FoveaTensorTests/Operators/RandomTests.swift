import Foundation
import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct RandomTests {
  private static func words(_ numbers: [UInt32]) -> Tensor {
    Tensor(
      numbers.map { Double(Int32(bitPattern: $0)) }, shape: [numbers.count], as: .int32)
  }

  /// The known answers of the authors' own library.
  @Test func knownAnswers() {
    let ones = UInt32.max
    #expect(
      Philox(key: [0, 0]).block(at: [0, 0, 0, 0])
        == [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8])
    #expect(
      Philox(key: [ones, ones]).block(at: [ones, ones, ones, ones])
        == [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD])
    #expect(
      Philox(key: [0xA409_3822, 0x299F_31D0])
        .block(at: [0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344])
        == [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1])
    #expect(Philox(seed: 0x299F_31D0_A409_3822).key == [0xA409_3822, 0x299F_31D0])
  }

  @Test func counterCarries() {
    let ones = UInt32.max
    #expect(Philox.counter([ones, 0, 0, 0], advancedBy: 1) == [0, 1, 0, 0])
    #expect(Philox.counter([ones, ones, ones, 0], advancedBy: 1) == [0, 0, 0, 1])
    #expect(Philox.counter([ones, ones, ones, ones], advancedBy: 1) == [0, 0, 0, 0])
    #expect(Philox.counter([1, 2, 3, 4], advancedBy: .max) == [0, 2, 4, 4])
    #expect(Philox.counter([5, 0, 0, 0], advancedBy: 0x3_0000_0002) == [7, 3, 0, 0])
  }

  @Test func elementsFollowTheCounter() {
    let key = Self.words([0xA409_3822, 0x299F_31D0])
    let counter = Self.words([.max, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344])
    let philox = Philox(key: [0xA409_3822, 0x299F_31D0])
    let first = philox.block(at: [.max, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344])
    let second = philox.block(at: [0, 0x85A3_08D4, 0x1319_8A2E, 0x0370_7344])
    let all = (0..<4).map { first[$0] } + (0..<2).map { second[$0] }
    let values = Interpreter.evaluate([
      .randomBits([2, 3], key: key, counter: counter),
      .randomUniform([6], as: .float64, key: key, counter: counter),
      .randomUniform([6], key: key, counter: counter),
      .randomBernoulli([6], probability: 0.4, key: key, counter: counter),
      .randomNormal([6], as: .float64, key: key, counter: counter),
    ])
    let fractions = all.map { Double($0 >> 8) / 16_777_216 }
    #expect(values[0].scalars == all.map { Double(Int32(bitPattern: $0)) })
    #expect(values[0].type == TensorType([2, 3], .int32))
    #expect(values[1].scalars == fractions)
    // A multiple of 2⁻²⁴ below 1 needs no rounding.
    #expect(values[2].scalars == fractions)
    #expect(values[3].scalars == fractions.map { $0 < 0.4 ? 1 : 0 })
    for (pair, index) in zip([0, 0, 2, 2, 4, 4], 0..<6) {
      let radius = (-2 * log(fractions[pair] + 1 / 16_777_216)).squareRoot()
      let angle = 2 * Double.pi * fractions[pair + 1]
      let expected = radius * (index % 2 == 0 ? cos(angle) : sin(angle))
      #expect(values[4].scalars[index] == expected)
    }
  }

  @Test func distributions() {
    let (key, counter) = (Self.words([1, 2]), Self.words([0, 0, 0, 0]))
    let count = 40_000
    let values = Interpreter.evaluate([
      .randomUniform([count], key: key, counter: counter),
      .randomNormal([count], key: key, counter: counter),
      .randomBernoulli([count], probability: 0.3, key: key, counter: counter),
    ]).map(\.scalars)
    func mean(_ x: [Double]) -> Double { x.reduce(0, +) / Double(count) }
    func variance(_ x: [Double]) -> Double {
      let centre = mean(x)
      return mean(x.map { ($0 - centre) * ($0 - centre) })
    }
    // Five standard deviations of each estimate.
    #expect(abs(mean(values[0]) - 0.5) < 5 * (1.0 / 12 / Double(count)).squareRoot())
    #expect(abs(variance(values[0]) - 1.0 / 12) < 5 * (1.0 / 180 / Double(count)).squareRoot())
    #expect(abs(mean(values[1])) < 5 / Double(count).squareRoot())
    #expect(abs(variance(values[1]) - 1) < 5 * (2 / Double(count)).squareRoot())
    #expect(abs(mean(values[2]) - 0.3) < 5 * (0.21 / Double(count)).squareRoot())
    #expect(values[0].allSatisfy { $0 >= 0 && $0 < 1 })
  }

  @Test func certainties() {
    let (key, counter) = (Self.words([1, 2]), Self.words([0, 0, 0, 0]))
    let values = Interpreter.evaluate([
      .randomBernoulli([100], probability: 0, key: key, counter: counter),
      .randomBernoulli([100], probability: 1, key: key, counter: counter),
    ])
    #expect(values[0].scalars.allSatisfy { $0 == 0 })
    #expect(values[1].scalars.allSatisfy { $0 == 1 })
  }

  @Test func dropout() throws {
    let (key, counter) = (Self.words([3, 4]), Self.words([0, 0, 0, 0]))
    let x = Tensor(repeating: 3, shape: [1000], as: .float64).named("x")
    let y = x.droppedOut(probability: 0.25, key: key, counter: counter)
    let none = x.droppedOut(probability: 0, key: key, counter: counter)
    let all = x.droppedOut(probability: 1, key: key, counter: counter)
    let values = Interpreter.evaluate([
      y, gradient(of: y.sum(), withRespectTo: x), none, all,
      .randomUniform([1000], as: .float64, key: key, counter: counter),
    ]).map(\.scalars)
    #expect(values[0] == values[4].map { $0 < 0.75 ? 4 : 0 })
    #expect(values[1] == values[4].map { $0 < 0.75 ? 4.0 / 3 : 0 })
    #expect(values[2].allSatisfy { $0 == 3 })
    #expect(values[3].allSatisfy { $0 == 0 })
    let cases = [0.1, 0.5, 0.9].map { probability in
      OperatorCase("dropout \(probability)", [3, 5]) {
        let y = $0[0].droppedOut(
          probability: probability, key: Self.words([3, 4]), counter: Self.words([0, 0, 0, 0]))
        return y * y
      }
    }
    #expect(try GradientCheck.failures(of: cases) == [])
  }

  @Test func generator() {
    var random = PhiloxGenerator(seed: 0)
    #expect(random.next() == 0xE169_C58D_6627_E8D5)
    #expect(random.next() == 0x9B00_DBD8_BC57_AC4C)
    let next = Philox(key: [0, 0]).block(at: [1, 0, 0, 0])
    #expect(random.nextWord() == next[0])
    var stream = PhiloxGenerator(seed: 0, stream: 0x2_0000_0001)
    #expect(stream.nextWord() == Philox(key: [0, 0]).block(at: [0, 0, 1, 2])[0])
  }

  static let refusals: [RefusalCase] = {
    let (key, counter) = (words([1, 2]), words([0, 0, 0, 0]))
    func refused(
      _ distribution: RandomNumbers.Distribution, _ type: TensorType, _ operands: [Tensor],
      _ reason: String
    ) -> RefusalCase {
      let operation = RandomNumbers(distribution, type)
      return RefusalCase(operation.name, reason) { _ = try Tensor.recording(operation, operands) }
    }
    return [
      refused(.uniform, TensorType([2]), [key], "takes 2 operand(s), got 1"),
      refused(
        .uniform, TensorType([2]), [counter, key],
        "takes a key int32[2] and a counter int32[4], got int32[4] and int32[2]"),
      refused(
        .normal, TensorType([2], .bfloat16), [key, counter],
        "gives float32 or float64, not bfloat16; cast the result"),
      refused(
        .bits, TensorType([2], .int64), [key, counter], "gives int32, not int64; cast the result"),
      refused(
        .bernoulli(0.5), TensorType([2]), [key, counter],
        "gives bool, not float32; cast the result"),
      refused(
        .bernoulli(1.5), TensorType([2], .bool), [key, counter],
        "probability must lie between 0 and 1, got 1.5"),
      refused(
        .bernoulli(.nan), TensorType([2], .bool), [key, counter],
        "probability must lie between 0 and 1, got nan"),
      refused(
        .uniform, TensorType([0]), [key, counter],
        "would give [0]: axis 0 has 0 elements, at least 1 is needed"),
      RefusalCase("dropout", "probability must lie between 0 and 1, got -0.5") {
        _ = try Tensor(1).recordingDropout(probability: -0.5, key: key, counter: counter)
      },
      RefusalCase("dropout", "takes floating-point numbers, got int32[2]; cast it first") {
        _ = try key.recordingDropout(probability: 0.5, key: key, counter: counter)
      },
    ]
  }()

  @Test func refuses() {
    #expect(Self.refusals.compactMap { $0.failure() } == [])
    #expect(Self.refusals.count == 10)
  }
}
