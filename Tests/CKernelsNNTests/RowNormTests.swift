import CKernels
import Testing

extension KernelSuite {
  @Suite struct RowNorm {
    private struct Meaning {
      var y: [Double] = []
      var mean: [Double] = []
      var rstd: [Double] = []
      var dx: [Double] = []
      var dscale: [Double]
      var dshift: [Double]
    }

    /// Runs of `run` elements normalised; `parameter` says which scale and shift an element has.
    private func meaning(
      x: [Float], dy: [Float], run: Int, epsilon: Float, scale: [Float], shift: [Float],
      parameter: (Int) -> Int
    ) -> Meaning {
      var m = Meaning(
        dscale: scale.map { _ in 0 }, dshift: scale.map { _ in 0 })
      for start in stride(from: 0, to: x.count, by: run) {
        let places = start..<start + run
        let count = Double(run)
        let mean = places.reduce(0.0) { $0 + Double(x[$1]) } / count
        let variance =
          places.reduce(0.0) { total, i in
            total + (Double(x[i]) - mean) * (Double(x[i]) - mean)
          } / count
        let rstd = 1 / (variance + Double(epsilon)).squareRoot()
        m.mean.append(mean)
        m.rstd.append(rstd)
        let centred = places.map { (Double(x[$0]) - mean) * rstd }
        let g = places.map { Double(dy[$0]) * Double(scale[parameter($0)]) }
        let average = g.reduce(0, +) / count
        let slope = zip(g, centred).reduce(0.0) { $0 + $1.0 * $1.1 } / count
        for (k, i) in places.enumerated() {
          let p = parameter(i)
          m.y.append(centred[k] * Double(scale[p]) + Double(shift[p]))
          m.dx.append(rstd * (g[k] - average - centred[k] * slope))
          m.dscale[p] += Double(dy[i]) * centred[k]
          m.dshift[p] += Double(dy[i])
        }
      }
      return m
    }

    private func compare(_ results: [[Float]], _ m: Meaning, _ note: String) {
      let expected = [m.y, m.mean, m.rstd, m.dx, m.dscale, m.dshift]
      let bounds = [1e-5, 1e-6, 1e-5, 5e-5, 3e-5, 3e-5]
      for i in 0..<6 {
        #expect(distance(results[i], expected[i]) < bounds[i], "result \(i), \(note)")
      }
    }

    @Test(arguments: [(1, 1), (3, 5), (7, 16), (64, 37), (200, 33), (90, 700), (2, 9001)])
    func layer(rows: Int, inner: Int) {
      for affine in [true, false] {
        var numbers = Numbers(rows * 31 + inner)
        let x = numbers.normals(rows * inner).map { $0 + 3 }
        let dy = numbers.normals(rows * inner)
        let scale = numbers.normals(inner).map { affine ? $0 : 1 }
        let shift = numbers.normals(inner).map { affine ? $0 : 0 }
        let m = meaning(
          x: x, dy: dy, run: inner, epsilon: 1e-2, scale: scale, shift: shift
        ) { $0 % inner }
        onEveryVariant {
          var results = [rows * inner, rows, rows, rows * inner, inner, inner].map {
            [Float](repeating: 7, count: $0)
          }
          let size = Int(fk_layer_norm_scratch(Int64(rows), Int64(inner)))
          var scratch = [UInt8](repeating: 0xff, count: size)
          withPointers([scale, shift]) { p in
            withMutablePointers(&results) { r in
              let rows = Int64(rows)
              let inner = Int64(inner)
              fk_layer_norm(
                rows, inner, 1e-2, x, affine ? p[0] : nil, affine ? p[1] : nil, r[0], r[1], r[2])
              fk_layer_norm_backward(
                rows, inner, x, dy, r[1], r[2], affine ? p[0] : nil, r[3], r[4], r[5], &scratch)
            }
          }
          return results
        } check: { results, variant in
          compare(results, m, "\(rows) x \(inner) \(variant)")
        }
      }
    }

    @Test(arguments: [(1, 1, 1, 5), (2, 6, 3, 7), (3, 6, 6, 49), (2, 32, 8, 33), (4, 64, 32, 400)])
    func group(batch: Int, channels: Int, groups: Int, positions: Int) {
      var numbers = Numbers(batch * 31 + positions)
      let layout = Layout(batch: batch, channels: channels, block: 1, spatial: [1, 1, positions])
      let x = numbers.normals(layout.count).map { $0 - 2 }
      let dy = numbers.normals(layout.count)
      let scale = numbers.normals(channels)
      let shift = numbers.normals(channels)
      let m = meaning(
        x: x, dy: dy, run: channels / groups * positions, epsilon: 1e-2, scale: scale, shift: shift
      ) { $0 / positions % channels }
      onEveryVariant {
        let runs = batch * groups
        var results = [layout.count, runs, runs, layout.count, channels, channels].map {
          [Float](repeating: 7, count: $0)
        }
        let size = Int(fk_group_norm_scratch(layout.image))
        var scratch = [UInt8](repeating: 0xff, count: size)
        withMutablePointers(&results) { r in
          let groups = Int64(groups)
          fk_group_norm(layout.image, groups, 1e-2, x, scale, shift, r[0], r[1], r[2])
          fk_group_norm_backward(
            layout.image, groups, x, dy, r[1], r[2], scale, r[3], r[4], r[5], &scratch)
        }
        return results
      } check: { results, variant in
        compare(results, m, "\(layout) in \(groups) \(variant)")
      }
    }
  }
}
