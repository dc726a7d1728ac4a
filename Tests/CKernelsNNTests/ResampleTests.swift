import CKernels
import Testing

extension KernelSuite {
  @Suite struct Resample {
    /// Tables of taps for the three axes, and what they mean.
    private struct Tables {
      let out: [Int]
      let taps: [Int]
      let index: [[Int32]]
      let weight: [[Float]]

      init(_ layout: Layout, out: [Int], taps: [Int], whole: Bool, numbers: inout Numbers) {
        self.out = out
        self.taps = taps
        var index: [[Int32]] = []
        var weight: [[Float]] = []
        for axis in 0..<3 {
          let count = out[axis] * taps[axis]
          index.append(
            (0..<count).map { _ in Int32(numbers.integer(0...layout.spatial[axis] - 1)) })
          if taps[axis] == 1 {
            weight.append([Float](repeating: 1, count: count))
          } else {
            weight.append(whole ? numbers.integers(count, -2...2) : numbers.normals(count))
          }
        }
        self.index = index
        self.weight = weight
      }

      /// The same with other elements along the last axis.
      init(_ tables: Tables, lastIndex: [Int32]) {
        out = tables.out
        taps = tables.taps
        index = [tables.index[0], tables.index[1], lastIndex]
        weight = tables.weight
      }

      func withTaps(_ body: ([fk_taps]) -> Void) {
        index[0].withUnsafeBufferPointer { i0 in
          index[1].withUnsafeBufferPointer { i1 in
            index[2].withUnsafeBufferPointer { i2 in
              withPointers(weight) { weights in
                let indices = [i0, i1, i2]
                body(
                  (0..<3).map {
                    fk_taps(
                      taps: Int64(taps[$0]), index: indices[$0].baseAddress, weight: weights[$0])
                  })
              }
            }
          }
        }
      }
    }

    private func check(
      _ layout: Layout, _ tables: Tables, tolerance: Double, _ numbers: inout Numbers
    ) {
      let outLayout = layout.with(spatial: tables.out)
      let x = numbers.integers(layout.count, -5...5)
      let dy = numbers.integers(outLayout.count, -5...5)
      var y = [Double](repeating: 0, count: outLayout.count)
      var dx = [Double](repeating: 0, count: layout.count)
      var o = 0
      forEachPosition(tables.out) { at in
        forEachPosition(tables.taps) { tap in
          var position = 0
          var weight = 1.0
          for axis in 0..<3 {
            let entry = at[axis] * tables.taps[axis] + tap[axis]
            position = position * layout.spatial[axis] + Int(tables.index[axis][entry])
            weight *= Double(tables.weight[axis][entry])
          }
          for plane in 0..<layout.batch * layout.channels {
            let from = plane * layout.positions + position
            let to = plane * outLayout.positions + o
            y[to] += weight * Double(x[from])
            dx[from] += weight * Double(dy[to])
          }
        }
        o += 1
      }
      onEveryVariant {
        var results = [
          [Float](repeating: 7, count: outLayout.elements),
          [Float](repeating: 7, count: layout.elements),
        ]
        let out = tables.out.map { Int64($0) }
        withMutablePointers(&results) { r in
          tables.withTaps { taps in
            fk_resample(layout.image, out, taps, layout.packed(x), r[0])
            fk_resample_backward(layout.image, out, taps, outLayout.packed(dy), r[1])
          }
        }
        return results
      } check: { results, variant in
        let note = "\(layout) to \(tables.out) by \(tables.taps) \(variant)"
        #expect(distance(outLayout.unpacked(results[0]), y) <= tolerance, "\(note)")
        #expect(distance(layout.unpacked(results[1]), dx) <= tolerance, "\(note)")
        #expect(outLayout.hasCleanPadding(results[0]), "\(note)")
        #expect(layout.hasCleanPadding(results[1]), "\(note)")
      }
    }

    @Test(arguments: 0..<80) func matchesPlainLoops(seed: Int) {
      var numbers = Numbers(6000 + seed)
      let axes = 1 + seed % 3
      let layout = Layout.random(&numbers, largest: axes == 3 ? 5 : 12, axes: axes)
      var out = [1, 1, 1]
      var taps = [1, 1, 1]
      for axis in 3 - axes..<3 {
        out[axis] = numbers.integer(1...(axes == 3 ? 6 : 20))
        taps[axis] = numbers.pick([1, 2, 3, 4, axes == 3 ? 2 : 7])
      }
      // Whole numbers are exact in whatever order they are added.
      let whole = seed % 2 == 0
      let tables = Tables(layout, out: out, taps: taps, whole: whole, numbers: &numbers)
      check(layout, tables, tolerance: whole ? 0 : 2e-5, &numbers)
    }

    /// Lines that do not fit the buffer: in pieces where neighbours are near, else one by one.
    @Test(arguments: [1, 8, 16, 3]) func longLines(block: Int) {
      var numbers = Numbers(block)
      let width = block == 1 ? 40_000 : block == 3 ? 9000 : 3000
      let layout = Layout(batch: 1, channels: 3, block: block, spatial: [1, 2, width])
      let scattered = Tables(
        layout, out: [1, 2, 50], taps: [1, 2, 2], whole: true, numbers: &numbers)
      check(layout, scattered, tolerance: 0, &numbers)
      check(layout, near(layout, scale: 2), tolerance: 0, &numbers)
    }

    private func near(_ layout: Layout, scale: Int) -> Tables {
      var numbers = Numbers(1)
      let width = layout.spatial[2]
      let tables = Tables(
        layout, out: [1, 2, width * scale], taps: [1, 2, 2], whole: true, numbers: &numbers)
      let index = (0..<width * scale * 2).map { Int32(min($0 / 2 / scale + $0 % 2, width - 1)) }
      return Tables(tables, lastIndex: index)
    }

    @Test(arguments: [1, 8, 16, 48]) func large(block: Int) {
      var numbers = Numbers(block)
      let layout = Layout(batch: 2, channels: 48, block: block, spatial: [1, 20, 20])
      check(
        layout,
        Tables(layout, out: [1, 40, 40], taps: [1, 2, 2], whole: true, numbers: &numbers),
        tolerance: 0, &numbers)
    }
  }
}
