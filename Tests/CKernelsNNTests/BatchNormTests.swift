import CKernels
import Testing

extension KernelSuite {
  @Suite struct BatchNorm {
    /// A case with everything the kernels read, and its meaning in `Double`.
    private struct Case {
      let layout: Layout
      let relu: Bool
      let upper: Float
      let hasResidual: Bool
      let hasAffine: Bool
      let x: [Float]
      let residual: [Float]
      let dy: [Float]
      let scale: [Float]
      let shift: [Float]
      let epsilon: Float = 1e-3

      init(
        _ layout: Layout, relu: Bool, upper: Float, residual: Bool, affine: Bool,
        offset: Float, numbers: inout Numbers
      ) {
        self.layout = layout
        self.relu = relu
        self.upper = upper
        hasResidual = residual
        hasAffine = affine
        x = numbers.normals(layout.count).map { $0 + offset }
        self.residual = numbers.normals(layout.count)
        dy = numbers.normals(layout.count)
        scale = numbers.normals(layout.channels).map { affine ? $0 : 1 }
        shift = numbers.normals(layout.channels).map { affine ? $0 : 0 }
      }

      var norm: fk_batch_norm {
        fk_batch_norm(image: layout.image, epsilon: epsilon, relu: relu ? 1 : 0, upper: upper)
      }

      func channel(_ i: Int) -> Int { i / layout.positions % layout.channels }

      func statistics() -> (mean: [Double], variance: [Double]) {
        let count = Double(layout.batch * layout.positions)
        var mean = [Double](repeating: 0, count: layout.channels)
        var variance = mean
        for (i, value) in x.enumerated() { mean[channel(i)] += Double(value) / count }
        for (i, value) in x.enumerated() {
          let away = Double(value) - mean[channel(i)]
          variance[channel(i)] += away * away / count
        }
        return (mean, variance)
      }

      /// Before the activation.
      func linear(_ mean: [Double], _ variance: [Double]) -> [Double] {
        x.indices.map { i in
          let c = channel(i)
          let centred = (Double(x[i]) - mean[c]) / (variance[c] + Double(epsilon)).squareRoot()
          return centred * Double(scale[c]) + Double(shift[c])
            + (hasResidual ? Double(residual[i]) : 0)
        }
      }

      func activated(_ values: [Double]) -> [Double] {
        relu ? values.map { min(max($0, 0), Double(upper)) } : values
      }
    }

    private func scratch(_ layout: Layout) -> [UInt8] {
      [UInt8](repeating: 0xff, count: Int(fk_batch_norm_scratch(layout.image)))
    }

    private func train(_ test: Case) -> [[Float]] {
      let channels = test.layout.channels
      var y = [Float](repeating: 7, count: test.layout.elements)
      var mean = [Float](repeating: 7, count: channels)
      var variance = mean
      var scratch = scratch(test.layout)
      let residual = test.layout.packed(test.residual)
      residual.withUnsafeBufferPointer { added in
        fk_batch_norm_train(
          test.norm, test.layout.packed(test.x), test.hasAffine ? test.scale : nil,
          test.hasAffine ? test.shift : nil, test.hasResidual ? added.baseAddress : nil, &y, &mean,
          &variance, &scratch)
      }
      return [y, mean, variance]
    }

    private func checkForward(_ test: Case) {
      let (mean, variance) = test.statistics()
      let y = test.activated(test.linear(mean, variance))
      onEveryVariant {
        train(test)
      } check: { results, variant in
        let note = "\(test.layout) \(variant)"
        #expect(distance(results[1], mean) < 2e-7, "\(note)")
        #expect(distance(results[2], variance) < 2e-6, "\(note)")
        #expect(distance(test.layout.unpacked(results[0]), y) < 1e-5, "\(note)")
        #expect(test.layout.hasCleanPadding(results[0]), "\(note)")
      }
    }

    private func random(_ seed: Int) -> Case {
      var numbers = Numbers(5000 + seed)
      var layout = Layout.random(&numbers, largest: 12, axes: 2)
      if seed % 7 == 0 { layout = layout.with(spatial: [1, 1, 1]) }
      return Case(
        layout, relu: seed % 3 != 0, upper: seed % 3 == 1 ? .infinity : 1.5,
        residual: seed % 2 == 0,
        affine: seed % 5 != 0, offset: 0, numbers: &numbers)
    }

    @Test(arguments: 0..<60) func forward(seed: Int) {
      checkForward(random(seed))
    }

    @Test(arguments: [1, 8, 16, 50]) func forwardOfManyChunks(block: Int) {
      var numbers = Numbers(block)
      let layout = Layout(batch: 3, channels: 50, block: block, spatial: [1, 37, 41])
      checkForward(
        Case(
          layout, relu: true, upper: .infinity, residual: false, affine: true, offset: 0,
          numbers: &numbers))
    }

    /// A mean a thousand times the deviation costs no more than rounding it does.
    @Test(arguments: [1, 8, 16, 24]) func largeMeanSmallVariance(block: Int) {
      var numbers = Numbers(block)
      let layout = Layout(batch: 4, channels: 24, block: block, spatial: [1, 30, 30])
      let test = Case(
        layout, relu: false, upper: 0, residual: false, affine: false, offset: 4096,
        numbers: &numbers)
      let (mean, variance) = test.statistics()
      onEveryVariant {
        train(test)
      } check: { results, variant in
        #expect(distance(results[1], mean) < 1e-7, "\(variant)")
        #expect(distance(results[2], variance) < 1e-6, "\(variant)")
      }
    }

    @Test func constantInputHasNoVariance() {
      let layout = Layout(batch: 2, channels: 3, block: 8, spatial: [1, 9, 9])
      let test = fk_batch_norm(image: layout.image, epsilon: 1e-5, relu: 0, upper: 0)
      let x = [Float](repeating: 0.1, count: layout.count)
      onEveryVariant {
        var y = [Float](repeating: 7, count: layout.elements)
        var mean = [Float](repeating: 7, count: 3)
        var variance = mean
        var scratch = scratch(layout)
        fk_batch_norm_train(test, layout.packed(x), nil, nil, nil, &y, &mean, &variance, &scratch)
        return [y, mean, variance]
      } check: { results, _ in
        #expect(results[0].allSatisfy { $0 == 0 })
        #expect(results[1] == [0.1, 0.1, 0.1])
        #expect(results[2].allSatisfy { $0 < 1e-16 })
      }
    }

    @Test(arguments: 0..<24) func givenStatistics(seed: Int) {
      let test = random(seed)
      var numbers = Numbers(seed)
      let mean = numbers.normals(test.layout.channels)
      let variance = numbers.normals(test.layout.channels).map { $0 * $0 + 0.1 }
      let y = test.activated(test.linear(mean.map(Double.init), variance.map(Double.init)))
      onEveryVariant {
        var found = [Float](repeating: 7, count: test.layout.elements)
        var scratch = scratch(test.layout)
        let residual = test.layout.packed(test.residual)
        residual.withUnsafeBufferPointer { added in
          fk_batch_norm_apply(
            test.norm, test.layout.packed(test.x), mean, variance, test.scale, test.shift,
            test.hasResidual ? added.baseAddress : nil, &found, &scratch)
        }
        return [found]
      } check: { results, variant in
        #expect(distance(test.layout.unpacked(results[0]), y) < 1e-5, "\(test.layout) \(variant)")
        #expect(test.layout.hasCleanPadding(results[0]), "\(test.layout) \(variant)")
      }
    }

    private func checkBackward(_ test: Case, fixed: Bool, recompute: Bool) {
      let layout = test.layout
      let count = Double(layout.batch * layout.positions)
      let (mean, variance) = test.statistics()
      let linear = test.linear(mean, variance)
      let open = linear.map { !test.relu || $0 > 0 && $0 < Double(test.upper) }
      // Rounding decides on the far side of a kink; such a case says nothing.
      let kinks = test.relu ? [0, Double(test.upper)] : []
      guard !linear.contains(where: { v in kinks.contains { abs($0 - v) < 1e-5 } }) else { return }
      let g = test.dy.indices.map { open[$0] ? Double(test.dy[$0]) : 0 }
      var dshift = [Double](repeating: 0, count: layout.channels)
      var dscale = dshift
      let rstd = variance.map { 1 / ($0 + Double(test.epsilon)).squareRoot() }
      let centred = g.indices.map { i in
        (Double(test.x[i]) - mean[test.channel(i)]) * rstd[test.channel(i)]
      }
      for i in g.indices {
        dshift[test.channel(i)] += g[i]
        dscale[test.channel(i)] += g[i] * centred[i]
      }
      let dx = g.indices.map { i in
        let c = test.channel(i)
        let through = fixed ? 0 : (dshift[c] + centred[i] * dscale[c]) / count
        return Double(test.scale[c]) * rstd[c] * (g[i] - through)
      }
      let y = test.activated(linear).map { Float($0) }
      onEveryVariant {
        let x = layout.packed(test.x)
        let dy = layout.packed(test.dy)
        let yPacked = layout.packed(y)
        let means = mean.map { Float($0) }
        let variances = variance.map { Float($0) }
        var results = (0..<2).map { _ in [Float](repeating: 7, count: layout.elements) }
        results += (0..<2).map { _ in [Float](repeating: 7, count: layout.channels) }
        var scratch = scratch(layout)
        withPointers([x, dy, yPacked, means, variances, test.scale, test.shift]) { inputs in
          withMutablePointers(&results) { outputs in
            var gradient = fk_batch_norm_gradient()
            gradient.x = inputs[0]
            gradient.dy = inputs[1]
            gradient.y = recompute ? nil : inputs[2]
            gradient.mean = inputs[3]
            gradient.variance = inputs[4]
            gradient.scale = test.hasAffine ? inputs[5] : nil
            gradient.shift = test.hasAffine ? inputs[6] : nil
            gradient.fixed_statistics = fixed ? 1 : 0
            gradient.dx = outputs[0]
            gradient.dresidual = outputs[1]
            gradient.dscale = outputs[2]
            gradient.dshift = outputs[3]
            fk_batch_norm_backward(test.norm, &gradient, &scratch)
          }
        }
        return results
      } check: { results, variant in
        let note = "\(layout) \(variant)"
        #expect(distance(layout.unpacked(results[0]), dx) < 3e-5, "\(note)")
        #expect(distance(layout.unpacked(results[1]), g) == 0, "\(note)")
        #expect(distance(results[2], dscale) < 2e-5, "\(note)")
        #expect(distance(results[3], dshift) < 2e-5, "\(note)")
        #expect(results[0...1].allSatisfy(layout.hasCleanPadding), "\(note)")
      }
    }

    @Test(arguments: 0..<60) func backward(seed: Int) {
      let test = random(seed)
      checkBackward(test, fixed: seed % 4 == 3, recompute: !test.hasResidual && seed % 8 < 4)
    }

    @Test(arguments: [1, 8, 16, 50]) func backwardOfManyChunks(block: Int) {
      for recompute in [false, true] {
        var numbers = Numbers(100 + block)
        let layout = Layout(batch: 3, channels: 50, block: block, spatial: [1, 37, 11])
        let test = Case(
          layout, relu: true, upper: .infinity, residual: false, affine: true, offset: 0,
          numbers: &numbers)
        checkBackward(test, fixed: false, recompute: recompute)
      }
    }

    /// Large results go past the caches where they are aligned; no bit may depend on it.
    @Test(arguments: [1, 16, 32]) func alignmentChangesNoBit(block: Int) {
      var numbers = Numbers(block)
      let layout = Layout(batch: 4, channels: 32, block: block, spatial: [1, 192, 192])
      let x = numbers.normals(layout.elements)
      let dy = numbers.normals(layout.elements)
      let scale = numbers.normals(32)
      let norm = fk_batch_norm(
        image: layout.image, epsilon: 1e-3, relu: 1, upper: .infinity)
      var scratch = scratch(layout)

      func results(offset: Int) -> [[Float]] {
        let memory = (0..<3).map { _ in
          UnsafeMutableRawPointer.allocate(
            byteCount: (layout.elements + offset) * MemoryLayout<Float>.size, alignment: 64)
        }
        defer {
          for place in memory { place.deallocate() }
        }
        let places = memory.map { $0.assumingMemoryBound(to: Float.self) + offset }
        var statistics = [[Float]](repeating: [Float](repeating: 7, count: 32), count: 2)
        withPointers([x, dy, scale]) { inputs in
          withMutablePointers(&statistics) { moments in
            fk_batch_norm_train(
              norm, inputs[0], inputs[2], nil, inputs[1], places[0], moments[0], moments[1],
              &scratch)
            var gradient = fk_batch_norm_gradient()
            gradient.x = inputs[0]
            gradient.dy = inputs[1]
            gradient.y = UnsafePointer(places[0])
            gradient.mean = UnsafePointer(moments[0])
            gradient.variance = UnsafePointer(moments[1])
            gradient.scale = inputs[2]
            gradient.dx = places[1]
            gradient.dresidual = places[2]
            fk_batch_norm_backward(norm, &gradient, &scratch)
          }
        }
        return places.map { Array(UnsafeBufferPointer(start: $0, count: layout.elements)) }
      }

      let aligned = results(offset: 0)
      #expect(aligned[0].contains { $0 > 0 })
      #expect(aligned == results(offset: 1))
    }
  }
}
