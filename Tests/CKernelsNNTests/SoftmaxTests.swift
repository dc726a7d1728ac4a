import CKernels
import Foundation
import Testing

extension KernelSuite {
  @Suite struct Softmax {
    static let shapes: [[Int]] = [
      [1, 1, 1], [5, 10, 1], [64, 10, 1], [3, 1000, 1], [2, 5000, 1], [33, 17, 1], [2, 3, 7],
      [3, 21, 100], [1, 700, 16], [2, 19, 5], [300, 100, 1], [40, 21, 49],
    ]

    private func axis(_ shape: [Int]) -> fk_axis {
      fk_axis(outer: Int64(shape[0]), axis: Int64(shape[1]), inner: Int64(shape[2]))
    }

    /// The places of each line along the axis.
    private func lines(_ shape: [Int]) -> [[Int]] {
      (0..<shape[0] * shape[2]).map { line in
        (0..<shape[1]).map { k in
          (line / shape[2] * shape[1] + k) * shape[2] + line % shape[2]
        }
      }
    }

    private func logarithms(_ x: [Float], _ line: [Int]) -> [Double] {
      let values = line.map { Double(x[$0]) }
      let top = values.max() ?? 0
      let total = log(values.reduce(0.0) { $0 + exp($1 - top) })
      return values.map { $0 - top - total }
    }

    @Test(arguments: shapes) func values(shape: [Int]) {
      var numbers = Numbers(shape[1])
      let count = shape.reduce(1, *)
      let x = numbers.normals(count).map { $0 * 8 + 50 }
      let dy = numbers.normals(count)
      var plain = [Double](repeating: 0, count: count)
      var logarithm = plain
      var dx = plain
      var dxOfLogarithm = plain
      for line in lines(shape) {
        let values = logarithms(x, line)
        let both = zip(line, values).reduce(0.0) { $0 + Double(dy[$1.0]) * exp($1.1) }
        let total = line.reduce(0.0) { $0 + Double(dy[$1]) }
        for (i, value) in zip(line, values) {
          logarithm[i] = value
          plain[i] = exp(value)
          dx[i] = exp(value) * (Double(dy[i]) - both)
          dxOfLogarithm[i] = Double(dy[i]) - exp(value) * total
        }
      }
      onEveryVariant {
        var results = (0..<4).map { _ in [Float](repeating: 7, count: count) }
        withMutablePointers(&results) { r in
          fk_softmax(axis(shape), 0, x, r[0])
          fk_softmax(axis(shape), 1, x, r[1])
          fk_softmax_backward(axis(shape), 0, r[0], dy, r[2])
          fk_softmax_backward(axis(shape), 1, r[1], dy, r[3])
        }
        return results
      } check: { results, variant in
        #expect(distance(results[0], plain) < 1e-6, "\(shape) \(variant)")
        #expect(distance(results[1], logarithm) < 1e-6, "\(shape) \(variant)")
        #expect(distance(results[2], dx) < 2e-6, "\(shape) \(variant)")
        #expect(distance(results[3], dxOfLogarithm) < 1e-4, "\(shape) \(variant)")
      }
    }

    /// Small probabilities keep their digits, down to where f32 ends.
    @Test func relativeErrorOfTheExponential() {
      let x = (0..<1600).map { -Float($0) * 0.0545 }
      onEveryVariant {
        var y = [Float](repeating: 7, count: x.count)
        fk_softmax(axis([1, 1600, 1]), 0, x, &y)
        return [y]
      } check: { results, variant in
        let expected = logarithms(x, Array(x.indices)).map { exp($0) }
        for (found, value) in zip(results[0], expected) where value > 1.3e-38 {
          #expect(abs(Double(found) / value - 1) < 4e-7, "\(value) \(variant)")
        }
        #expect(results[0].allSatisfy { $0 >= 0 })
      }
    }

    @Test func infinitiesAndNaN() {
      let x: [Float] = [
        1, -.infinity, 1, 1, .nan, 1, -.infinity, -.infinity, -.infinity, .infinity, 0, 0,
      ]
      for (shape, transposed) in [([4, 3, 1], false), ([1, 3, 4], true)] {
        let input = transposed ? (0..<12).map { x[$0 % 4 * 3 + $0 / 4] } : x
        onEveryVariant {
          var y = [Float](repeating: 7, count: 12)
          fk_softmax(axis(shape), 0, input, &y)
          return [y]
        } check: { results, variant in
          let y = transposed ? (0..<12).map { results[0][$0 % 3 * 4 + $0 / 3] } : results[0]
          #expect(Array(y[0..<3]) == [0.5, 0, 0.5], "\(variant)")
          #expect(y[3..<9].allSatisfy { $0.isNaN }, "\(variant)")
          #expect(y[9].isNaN, "\(variant)")
        }
      }
    }

    private struct Entropy {
      var smoothing: Float = 0
      var ignored: Int32?
      var soft = false
      var weighted = false
    }

    private func checkEntropy(_ shape: [Int], _ options: Entropy) {
      var numbers = Numbers(shape[1] + 7)
      let count = shape.reduce(1, *)
      let places = shape[0] * shape[2]
      let classes = shape[1]
      let x = numbers.normals(count).map { $0 * 4 }
      var labels = (0..<places).map { _ in Int32(numbers.integer(0...classes - 1)) }
      if let ignored = options.ignored {
        for i in stride(from: 0, to: places, by: 3) { labels[i] = ignored }
      }
      let targets = numbers.normals(count).map { $0 * $0 }
      let weights = numbers.normals(places)
      var losses: [Double] = []
      var gradient = [Double](repeating: 0, count: count)
      for (place, line) in lines(shape).enumerated() {
        guard options.ignored == nil || labels[place] != options.ignored else {
          losses.append(0)
          continue
        }
        let values = logarithms(x, line)
        let smoothing = Double(options.smoothing)
        let aims = line.indices.map { k in
          let aim = options.soft ? Double(targets[line[k]]) : Int32(k) == labels[place] ? 1 : 0
          return aim * (1 - smoothing) + smoothing / Double(classes)
        }
        losses.append(-zip(aims, values).reduce(0.0) { $0 + $1.0 * $1.1 })
        let mass = aims.reduce(0, +)
        for (k, i) in line.enumerated() {
          gradient[i] =
            (exp(values[k]) * mass - aims[k])
            * (options.weighted ? Double(weights[place]) : 1)
        }
      }
      onEveryVariant {
        var results = [
          [Float](repeating: 7, count: places), [Float](repeating: 7, count: count),
          [Float](repeating: 7, count: places),
        ]
        labels.withUnsafeBufferPointer { labels in
          withPointers([x, targets, weights]) { inputs in
            withMutablePointers(&results) { r in
              var entropy = fk_cross_entropy()
              entropy.shape = axis(shape)
              entropy.smoothing = options.smoothing
              entropy.has_ignored = options.ignored == nil ? 0 : 1
              entropy.ignored = options.ignored ?? 0
              entropy.logits = inputs[0]
              entropy.labels = options.soft ? nil : labels.baseAddress
              entropy.targets = inputs[1]
              entropy.weights = options.weighted ? inputs[2] : nil
              entropy.loss = r[0]
              entropy.gradient = r[1]
              #expect(fk_softmax_cross_entropy(&entropy) == -1)
              entropy.loss = r[2]
              entropy.gradient = nil
              #expect(fk_softmax_cross_entropy(&entropy) == -1)
            }
          }
        }
        return results
      } check: { results, variant in
        #expect(distance(results[0], losses) < 2e-6, "\(shape) \(options) \(variant)")
        #expect(distance(results[1], gradient) < 2e-6, "\(shape) \(options) \(variant)")
        #expect(results[0] == results[2], "\(shape) \(options) \(variant)")
      }
    }

    @Test(arguments: shapes) func crossEntropy(shape: [Int]) {
      checkEntropy(shape, Entropy())
      checkEntropy(shape, Entropy(smoothing: 0.1, weighted: true))
      checkEntropy(shape, Entropy(ignored: -100, weighted: true))
      checkEntropy(shape, Entropy(smoothing: 0.2, ignored: 0))
      checkEntropy(shape, Entropy(soft: true, weighted: true))
      checkEntropy(shape, Entropy(smoothing: 0.3, soft: true))
    }

    @Test func impossibleClassesNotAimedAt() {
      let x: [Float] = [0, -.infinity, 0, 0, -.infinity, 0]
      for shape in [[2, 3, 1], [1, 3, 2]] {
        let labels: [Int32] = shape[2] == 1 ? [0, 2] : [0, 1]
        onEveryVariant {
          var results = [[Float](repeating: 7, count: 2), [Float](repeating: 7, count: 6)]
          labels.withUnsafeBufferPointer { labels in
            withPointers([x]) { inputs in
              withMutablePointers(&results) { r in
                var entropy = fk_cross_entropy()
                entropy.shape = axis(shape)
                entropy.logits = inputs[0]
                entropy.labels = labels.baseAddress
                entropy.loss = r[0]
                entropy.gradient = r[1]
                #expect(fk_softmax_cross_entropy(&entropy) == -1)
              }
            }
          }
          return results
        } check: { results, variant in
          #expect((results[0] + results[1]).allSatisfy { $0.isFinite }, "\(shape) \(variant)")
        }
      }
    }

    @Test func labelsOutsideAreRefused() {
      let x = [Float](repeating: 0, count: 50_000)
      for (place, wrong) in [(3, Int32(5)), (4321, -1), (9999, .max)] {
        var labels = [Int32](repeating: 4, count: 10_000)
        labels[place] = wrong
        labels[9999] = 5
        var results = [[Float](repeating: 7, count: 50_000)]
        labels.withUnsafeBufferPointer { labels in
          withPointers([x]) { inputs in
            withMutablePointers(&results) { r in
              var entropy = fk_cross_entropy()
              entropy.shape = axis([10_000, 5, 1])
              entropy.logits = inputs[0]
              entropy.labels = labels.baseAddress
              entropy.gradient = r[0]
              #expect(fk_softmax_cross_entropy(&entropy) == Int64(place))
            }
          }
        }
        #expect(results[0].allSatisfy { $0 == 7 })
      }
    }
  }
}
