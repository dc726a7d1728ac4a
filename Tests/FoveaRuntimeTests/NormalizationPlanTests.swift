import FoveaTensor
import FoveaTestSupport
import Testing

@testable import FoveaRuntime

@Suite struct NormalizationPlanTests {
  static let shapes: [Shape] = [
    [5, 4], [33, 16], [4, 3, 7], [2, 16, 5], [3, 5, 4, 4], [2, 16, 6, 5], [1, 20, 3, 3],
    [4, 33, 2, 2], [2, 8, 3, 2, 4],
  ]

  static func forms(_ shape: Shape) -> [Images.Form] {
    shape.rank == 2 ? [.plain] : Images.Form.allCases
  }

  /// Everything a normalisation gives, and every gradient.
  static func all(
    _ x: Tensor, _ scale: Tensor, _ shift: Tensor, _ y: Tensor, _ more: [Tensor] = []
  ) -> [Tensor] {
    let g = Images.numbers(y.shape, "g")
    return [y] + more + gradients(of: (y * g).sum(), withRespectTo: [x, scale, shift])
  }

  @Test func batchNormalizationAgrees() throws {
    var count = 0
    for shape in Self.shapes {
      for form in Self.forms(shape) {
        for (relu, residual) in [(false, false), (true, false), (false, true), (true, true)] {
          let x = Images.numbers(shape, "x")
          let scale = Images.numbers([shape[1]], "scale")
          let shift = Images.numbers([shape[1]], "shift")
          let other = Images.numbers(shape, "residual")
          let (y, mean, variance) = Images.form(x, form).batchNormalized(
            scale: scale, shift: shift)
          let sum = residual ? y + other : y
          let z = relu ? sum.relu() : sum
          var all = Self.all(x, scale, shift, z, [mean, variance])
          if residual {
            all += gradients(of: z.squared().sum(), withRespectTo: [other])
          }
          #expect(
            try FastPath.error(all) < 1e-5, "\(shape) \(form) relu \(relu) residual \(residual)")
          #expect(try FastPath.fallbacks(all).filter { $0.contains("batch") }.isEmpty)
          count += 1
        }
      }
    }
    #expect(count == 64)
  }

  @Test func residualBlocksAreFused() throws {
    let x = Images.numbers([2, 16, 5, 5], "x")
    let w = Images.numbers([16, 16, 3, 3], "w")
    let one = Images.numbers([16], "scale")
    let zero = Images.numbers([16], "shift")
    func norm(_ x: Tensor) -> Tensor { x.batchNormalized(scale: one, shift: zero).output }
    let a = norm(x.convolved(with: w, padding: 1)).relu()
    let b = (norm(a.convolved(with: w, padding: 1)) + norm(a.convolved(with: w, padding: 1) * 2))
      .relu()
    let c = (norm(b.convolved(with: w, padding: 1)) + b).relu()
    let all = [c] + gradients(of: c.squared().sum(), withRespectTo: [x, w, one, zero])
    #expect(try FastPath.error(all) < 1e-5)
    let observer = StepObserver()
    _ = try Engine.run(results: all, observe: observer)
    let names = observer.entries.filter { $0.kernel == "batch norm" }.map(\.name)
    #expect(
      names.sorted() == [
        "batch normalization", "batch normalization gradient", "batch normalization·add·relu",
        "batch normalization·add·relu", "batch normalization·relu",
        "relu·batch normalization gradient", "relu·batch normalization gradient",
        "relu·batch normalization gradient",
      ])
  }

  @Test func frozenNormalizationAgrees() throws {
    for shape in Self.shapes {
      for form in Self.forms(shape) {
        let x = Images.form(Images.numbers(shape, "x"), form)
        let c: Shape = [shape[1]]
        let y = x.normalized(
          mean: Images.numbers(c, "mean"), variance: Images.numbers(c, "variance").squared() + 0.1,
          scale: Images.numbers(c, "scale"), shift: Images.numbers(c, "shift"))
        #expect(try FastPath.error([y]) < 1e-6, "\(shape) \(form)")
      }
    }
  }

  @Test func layerNormalizationAgrees() throws {
    for shape in Self.shapes {
      for axes in 1..<shape.rank {
        let x = Images.numbers(shape, "x")
        let parameters = Shape(shape.extents.suffix(axes))
        let scale = Images.numbers(parameters, "scale")
        let shift = Images.numbers(parameters, "shift")
        let y = x.layerNormalized(over: axes, scale: scale, shift: shift)
        let all = Self.all(x, scale, shift, y)
        #expect(try FastPath.error(all) < 1e-5, "\(shape) over \(axes)")
        #expect(try FastPath.fallbacks(all).filter { $0.contains("layer") }.isEmpty)
      }
    }
  }

  @Test func groupNormalizationAgrees() throws {
    for shape in Self.shapes where shape.rank > 2 {
      for groups in [1, 2, shape[1]] where shape[1] % groups == 0 {
        for form in Images.Form.allCases {
          let x = Images.numbers(shape, "x")
          let scale = Images.numbers([shape[1]], "scale")
          let shift = Images.numbers([shape[1]], "shift")
          let y = Images.form(x, form).groupNormalized(groups: groups, scale: scale, shift: shift)
          let all = Self.all(x, scale, shift, y)
          #expect(try FastPath.error(all) < 1e-5, "\(shape) in \(groups) \(form)")
          #expect(try FastPath.fallbacks(all).filter { $0.contains("group") }.isEmpty)
        }
      }
    }
  }

  @Test func localResponseAgrees() throws {
    for shape in Self.shapes {
      for size in [1, 3, 4, 5] {
        let x = Images.numbers(shape, "x")
        let y = x.locallyResponseNormalized(size: size, alpha: 0.3, beta: 0.75, k: 2)
        let g = Images.numbers(shape, "g")
        let all = [y] + gradients(of: (y * g).sum(), withRespectTo: [x])
        #expect(try FastPath.error(all) < 1e-5, "\(shape) \(size)")
        #expect(try FastPath.fallbacks(all).filter { $0.contains("local") }.isEmpty)
      }
    }
  }
}
