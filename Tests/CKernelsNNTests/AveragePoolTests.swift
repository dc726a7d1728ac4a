import CKernels
import Testing

extension KernelSuite {
  @Suite struct AveragePool {
    private let rules = [FK_DIVISOR_WINDOW, FK_DIVISOR_VALID, FK_DIVISOR_FIXED]

    private func check(_ test: PoolCase, _ rule: fk_divisor, _ numbers: inout Numbers) {
      let x = numbers.integers(test.layout.count, -9...9)
      let dy = numbers.integers(test.outLayout.count, -9...9)
      let windows = test.windows()
      let divisors = test.divisors(rule, fixed: 8)
      var y: [Double] = []
      var dx = [Double](repeating: 0, count: x.count)
      for plane in 0..<test.layout.batch * test.layout.channels {
        let base = plane * test.layout.positions
        for (o, window) in windows.enumerated() {
          let total = window.reduce(0.0) { $0 + Double(x[base + $1]) }
          y.append(window.isEmpty ? 0 : total / divisors[o])
          for position in window {
            dx[base + position] += Double(dy[plane * windows.count + o]) / divisors[o]
          }
        }
      }
      onEveryVariant {
        var found = [Float](repeating: 7, count: test.outLayout.elements)
        fk_average_pool(test.pool, rule, 8, 0, test.layout.packed(x), &found)
        var gradient = [Float](repeating: 7, count: test.layout.elements)
        let dyPacked = test.outLayout.packed(dy)
        fk_average_pool_backward(test.pool, rule, 8, 0, dyPacked, &gradient)
        var half = [UInt16](repeating: 7, count: found.count)
        fk_average_pool(test.pool, rule, 8, 1, test.layout.packed(x).map(Half.bits), &half)
        var halfGradient = [UInt16](repeating: 7, count: gradient.count)
        fk_average_pool_backward(test.pool, rule, 8, 1, dyPacked.map(Half.bits), &halfGradient)
        return [found, gradient, half.map(Half.value), halfGradient.map(Half.value)]
      } check: { results, variant in
        let out = test.outLayout
        let tolerance = rule == FK_DIVISOR_FIXED ? 0 : 2e-6
        #expect(distance(out.unpacked(results[0]), y) <= tolerance, "\(test) \(variant)")
        #expect(distance(test.layout.unpacked(results[1]), dx) <= tolerance, "\(test) \(variant)")
        #expect(distance(out.unpacked(results[2]), y) <= 0.004, "\(test) \(variant)")
        #expect(distance(test.layout.unpacked(results[3]), dx) <= 0.004, "\(test) \(variant)")
        #expect(out.hasCleanPadding(results[0]) && test.layout.hasCleanPadding(results[1]))
        #expect(out.hasCleanPadding(results[2]) && test.layout.hasCleanPadding(results[3]))
      }
    }

    @Test(arguments: 0..<90) func matchesPlainLoops(seed: Int) {
      var numbers = Numbers(2000 + seed)
      let test = PoolCase.random(&numbers, axes: 1 + seed % 3)
      check(test, rules[seed / 3 % 3], &numbers)
    }

    @Test(arguments: [1, 8, 16, 24]) func large(block: Int) {
      var numbers = Numbers(block)
      let test = PoolCase.square(
        batch: 2, channels: 24, block: block, size: 40, kernel: 3, stride: 2, padding: 1)
      check(test, FK_DIVISOR_VALID, &numbers)
    }

    @Test(arguments: 0..<24) func wholePlane(seed: Int) {
      var numbers = Numbers(3000 + seed)
      let layout = Layout.random(&numbers, largest: 20, axes: 2)
      let test = PoolCase(
        layout: layout, out: [1, 1, 1], kernel: layout.spatial, stride: [1, 1, 1],
        dilation: [1, 1, 1], low: [0, 0, 0], high: [0, 0, 0])
      check(test, rules[seed % 3], &numbers)
      var x = numbers.normals(layout.count)
      if seed % 3 == 0 { x[numbers.integer(0...x.count - 1)] = .nan }
      let planes = stride(from: 0, to: x.count, by: layout.positions).map {
        x[$0..<$0 + layout.positions]
      }
      let largest = planes.map { plane in
        plane.contains { $0.isNaN } ? Double.nan : Double(plane.max() ?? 0)
      }
      onEveryVariant {
        var y = [Float](repeating: 7, count: test.outLayout.elements)
        fk_max_pool(test.pool, 0, layout.packed(x), &y, nil)
        return [y]
      } check: { results, variant in
        #expect(distance(test.outLayout.unpacked(results[0]), largest) == 0, "\(test) \(variant)")
        #expect(test.outLayout.hasCleanPadding(results[0]))
      }
    }
  }
}
