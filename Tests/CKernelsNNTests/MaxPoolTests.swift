import CKernels
import Testing

extension KernelSuite {
  @Suite struct MaxPool {
    /// Values and indices of the maxima by PyTorch's rule.
    private func expected(_ test: PoolCase, _ x: [Float]) -> (values: [Float], index: [Int32]) {
      let windows = test.windows()
      var values: [Float] = []
      var index: [Int32] = []
      for plane in 0..<test.layout.batch * test.layout.channels {
        for window in windows {
          var best = -Float.infinity
          var at = window.first ?? -1
          for position in window {
            let value = x[plane * test.layout.positions + position]
            if value > best || value.isNaN {
              best = value
              at = position
            }
          }
          values.append(best)
          index.append(Int32(at))
        }
      }
      return (values, index)
    }

    private func run(_ test: PoolCase, _ x: [Float]) -> [[Float]] {
      let memory = test.layout.packed(x)
      var y = [Float](repeating: 7, count: test.outLayout.elements)
      var index = [Int32](repeating: 7, count: y.count)
      fk_max_pool(test.pool, 0, memory, &y, &index)
      var alone = [Float](repeating: 7, count: y.count)
      fk_max_pool(test.pool, 0, memory, &alone, nil)
      return [y, index.map { Float(bitPattern: UInt32(bitPattern: $0)) }, alone]
    }

    private func compare(_ test: PoolCase, _ x: [Float]) {
      let (values, index) = expected(test, x)
      onEveryVariant {
        run(test, x)
      } check: { results, variant in
        let out = test.outLayout
        for y in [results[0], results[2]] {
          let same = zip(out.unpacked(y), values).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }
          #expect(same, "\(test) \(variant)")
          #expect(out.hasCleanPadding(y), "\(test) \(variant)")
        }
        let found = out.unpacked(results[1]).map { Int32(bitPattern: $0.bitPattern) }
        #expect(found == index, "\(test) \(variant)")
      }
    }

    @Test(arguments: 0..<90) func matchesPlainLoops(seed: Int) {
      var numbers = Numbers(seed)
      let test = PoolCase.random(&numbers, axes: 1 + seed % 3)
      // Few distinct values, so that there are ties; now and then a NaN or an infinity.
      var x = numbers.integers(test.layout.count, -3...3)
      if seed % 2 == 0 {
        for _ in 0..<x.count / 9 { x[numbers.integer(0...x.count - 1)] = .nan }
        for _ in 0..<x.count / 3 { x[numbers.integer(0...x.count - 1)] = -.infinity }
      }
      compare(test, x)
    }

    @Test(arguments: [1, 8, 16, 40]) func commonShapes(block: Int) {
      var numbers = Numbers(block)
      for (kernel, padding) in [(2, 0), (3, 1), (3, 0)] {
        let test = PoolCase.square(
          batch: 2, channels: 40, block: block, size: 57, kernel: kernel, stride: 2,
          padding: padding)
        compare(test, numbers.normals(test.layout.count))
      }
    }

    @Test(arguments: [1, 8, 16, 21]) func halves(block: Int) {
      var numbers = Numbers(block)
      let test = PoolCase.square(
        batch: 1, channels: 21, block: block, size: 21, kernel: 3, stride: 2, padding: 1)
      let x = numbers.normals(test.layout.count).map(Half.rounded)
      let (values, index) = expected(test, x)
      onEveryVariant {
        let memory = test.layout.packed(x).map(Half.bits)
        var y = [UInt16](repeating: 7, count: test.outLayout.elements)
        var found = [Int32](repeating: 7, count: y.count)
        fk_max_pool(test.pool, 1, memory, &y, &found)
        return [y.map(Half.value), found.map { Float($0) }]
      } check: { results, variant in
        #expect(test.outLayout.unpacked(results[0]) == values, "\(variant)")
        #expect(test.outLayout.unpacked(results[1]) == index.map { Float($0) }, "\(variant)")
      }
    }

    @Test(arguments: 0..<60) func backward(seed: Int) {
      var numbers = Numbers(1000 + seed)
      let test = PoolCase.random(&numbers, axes: 1 + seed % 3)
      let x = numbers.integers(test.layout.count, -9...9)
      let index = expected(test, x).index
      let dy = numbers.integers(index.count, -9...9)
      var dx = [Float](repeating: 0, count: test.layout.count)
      let outs = test.outLayout.positions
      for (i, position) in index.enumerated() where position >= 0 {
        dx[i / outs * test.layout.positions + Int(position)] += dy[i]
      }
      onEveryVariant {
        let gradient = test.outLayout.packed(dy)
        let places = test.outLayout.packed(index, padding: 0)
        var found = [Float](repeating: 7, count: test.layout.elements)
        fk_max_pool_backward(test.pool, 0, gradient, places, &found)
        var half = [UInt16](repeating: 7, count: test.layout.elements)
        fk_max_pool_backward(test.pool, 1, gradient.map(Half.bits), places, &half)
        return [found, half.map(Half.value)]
      } check: { results, variant in
        #expect(test.layout.unpacked(results[0]) == dx, "\(test) \(variant)")
        #expect(test.layout.unpacked(results[1]) == dx.map(Half.rounded), "\(test) \(variant)")
        #expect(results.allSatisfy(test.layout.hasCleanPadding), "\(test) \(variant)")
      }
    }
  }
}
