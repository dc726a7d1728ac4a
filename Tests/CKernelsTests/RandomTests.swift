import CKernels
import Foundation
import Testing

extension KernelTests {
  @Suite struct RandomTests {
    static func state(_ key: (UInt32, UInt32), _ counter: (UInt32, UInt32, UInt32, UInt32))
      -> fk_philox
    {
      fk_philox(key: key, counter: counter)
    }

    static let some = state((0x1234_5678, 0x9abc_def0), (7, 1, 0, 0))

    static func words(_ state: fk_philox, _ count: Int) -> [UInt32] {
      var state = state
      var words = [UInt32](repeating: 0, count: count)
      fk_random_words(&state, &words, Int64(count))
      return words
    }

    /// The known answers published with Random123.
    @Test func knownAnswers() {
      let ones = UInt32.max
      forEachVariant { _ in
        #expect(
          Self.words(Self.state((0, 0), (0, 0, 0, 0)), 4)
            == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
        #expect(
          Self.words(Self.state((ones, ones), (ones, ones, ones, ones)), 4)
            == [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
        #expect(
          Self.words(
            Self.state(
              (0xa409_3822, 0x299f_31d0), (0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344)), 4)
            == [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
      }
    }

    /// Just below every carry.
    static let carrying: [[UInt32]] = [
      [.max - 3, 0, 0, 0], [.max - 9, .max, 5, 0], [.max - 20, .max, .max, 1],
      [.max - 2, .max, .max, .max],
    ]

    /// Blocks follow each other across every carry of the 128-bit counter.
    @Test(arguments: carrying)
    func countersCarry(counter: [UInt32]) {
      let start = Self.state((1, 2), (counter[0], counter[1], counter[2], counter[3]))
      forEachVariant { _ in
        let all = Self.words(start, 4 * 100 + 3)
        for block in 0..<100 {
          // Counted in 32-bit words by hand.
          var digits = counter
          var carry = UInt64(block)
          for k in 0..<4 {
            carry += UInt64(digits[k])
            digits[k] = UInt32(truncatingIfNeeded: carry)
            carry >>= 32
          }
          var single = Self.state((1, 2), (digits[0], digits[1], digits[2], digits[3]))
          var words = [UInt32](repeating: 0, count: 4)
          fk_philox_block(&single, &words)
          #expect(Array(all[4 * block..<4 * block + 4]) == words)
          let advanced = fk_philox_advanced(start, UInt64(block))
          #expect(advanced.counter == single.counter)
        }
      }
    }

    @Test(arguments: [0, 1, 3, 4, 5, 63, 64, 65, 4095, 4097, 20_001])
    func fillsAreFunctionsOfWords(count: Int) {
      let words = Self.words(Self.some, (count + 3) / 4 * 4)
      var state = Self.some
      forEachVariant { _ in
        // One element more, to see that it is left alone.
        var uniform = [Float](repeating: 9, count: count + 1)
        var normal = uniform
        var bernoulli = uniform
        var flags = [UInt8](repeating: 9, count: count + 1)
        #expect(fk_random_uniform(&state, &uniform, Int64(count)) == FK_OK)
        #expect(fk_random_normal(&state, &normal, Int64(count)) == FK_OK)
        #expect(fk_random_bernoulli(&state, 0.3, &bernoulli, Int64(count)) == FK_OK)
        #expect(fk_random_bernoulli_bool(&state, 0.3, &flags, Int64(count)) == FK_OK)
        #expect(uniform[count] == 9 && normal[count] == 9 && bernoulli[count] == 9)
        #expect(flags[count] == 9)
        for k in 0..<count {
          let u = Float(words[k] >> 8) * 0x1p-24
          #expect(uniform[k] == u)
          #expect(bernoulli[k] == (u < 0.3 ? 1 : 0))
          #expect(flags[k] == (u < 0.3 ? 1 : 0))
          let pair = k / 2 * 2
          let radius = sqrt(-2 * log(Double((words[pair] >> 8) + 1) * 0x1p-24))
          let angle = 2 * Double.pi * Double(words[pair + 1] >> 8) * 0x1p-24
          let wanted = radius * (k % 2 == 0 ? cos(angle) : sin(angle))
          #expect(abs(Double(normal[k]) - wanted) <= 3e-7 * radius)
        }
      }
    }

    @Test func sameOnAnyNumberOfThreads() {
      let results = onSeveralThreads {
        var state = Self.some
        var normal = [Float](repeating: 0, count: 500_001)
        fk_random_normal(&state, &normal, 500_001)
        return normal
      }
      #expect(results.allSatisfy { $0 == results[0] })
    }

    @Test func looksNormal() {
      let n = 1_000_000
      var state = Self.some
      var normal = [Float](repeating: 0, count: n)
      fk_random_normal(&state, &normal, Int64(n))
      let values = normal.map(Double.init)
      let mean = values.reduce(0, +) / Double(n)
      let variance = values.reduce(0) { $0 + $1 * $1 } / Double(n)
      let fourth = values.reduce(0) { $0 + $1 * $1 * $1 * $1 } / Double(n)
      // Five standard errors.
      #expect(abs(mean) < 5e-3)
      #expect(abs(variance - 1) < 5 * 1.5e-3)
      #expect(abs(fourth - 3) < 5 * 1e-2)
    }

    @Test func refuses() {
      var state = Self.some
      var one: Float = 0
      #expect(fk_random_uniform(&state, &one, -1) == FK_BAD_ARGUMENT)
      #expect(fk_random_uniform(&state, nil, 1) == FK_BAD_ARGUMENT)
      #expect(fk_random_uniform(nil, &one, 1) == FK_BAD_ARGUMENT)
    }
  }
}
