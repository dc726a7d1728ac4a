import FoveaTensor
import FoveaTestSupport
import Testing

@testable import FoveaRuntime

@Suite struct ProductPlanTests {
  /// A leaf that may choose its layout, as weights do.
  static func state(_ shape: Shape, _ seed: String) -> Tensor {
    Tensor(Images.integers(shape, seed).value!, role: .state)
  }

  @Test func productsAreExact() throws {
    var count = 0
    let fronts: [([Int], [Int])] = [
      ([], []), ([3], [3]), ([2, 3], [3]), ([2, 1], [1, 3]), ([], [2]), ([1], [4]),
    ]
    for (left, right) in fronts {
      for (rows, inner, columns) in [(1, 1, 1), (3, 5, 4), (7, 16, 33), (1, 9, 2), (17, 2, 1)] {
        for (transposesLeft, transposesRight) in [
          (false, false), (true, false), (false, true), (true, true),
        ] {
          let x = Images.integers(
            Shape(left + (transposesLeft ? [inner, rows] : [rows, inner])), "x \(count)")
          let y = Images.integers(
            Shape(right + (transposesRight ? [columns, inner] : [inner, columns])), "y \(count)")
          let z = try Tensor.recording(
            MatrixProduct(transposesLeft: transposesLeft, transposesRight: transposesRight), [x, y])
          let g = Images.integers(z.shape, "g")
          let all = [z] + gradients(of: (z * g).sum(), withRespectTo: [x, y])
          #expect(try FastPath.error(all) == 0, "\(x.shape) \(y.shape)")
          #expect(try FastPath.fallbacks(all).filter { $0.contains("product") }.isEmpty)
          count += 1
        }
      }
    }
    #expect(count == 120)
  }

  @Test func linearLayersAreExactInAllPasses() throws {
    var count = 0
    for batch in [1, 2, 8, 33] {
      // The last two are large enough for weights in blocks; they differ in full and odd blocks.
      for (inputs, outputs) in [(1, 1), (7, 3), (40, 33), (1024, 256), (4099, 67)] {
        let x = Images.integers([batch, inputs], "x")
        let w = Self.state([outputs, inputs], "w")
        let v = Self.state([5, outputs], "v")
        let y = x.times(w, transposingRight: true)
        let z = y.relu().times(v, transposingRight: true)
        let g = Images.integers(z.shape, "g")
        let found = gradients(of: (z * g).sum(), withRespectTo: [x, w, v])
        #expect(try FastPath.error([z] + found) == 0, "\(batch) × \(inputs) → \(outputs)")
        count += 1
      }
    }
    #expect(count == 20)
  }

  @Test func weightsKeepTheirLayoutFromStepToStep() throws {
    let x = Images.integers([8, 1024], "x")
    let w = Self.state([256, 1024], "w")
    let y = x.times(w, transposingRight: true)
    let dw = gradients(of: y.squared().sum(), withRespectTo: [w])[0]
    let next = w - dw * 0.5
    let exact = Interpreter.evaluate([next])[0].scalars
    let (_, updates) = try Engine.run(results: [y], updates: [(state: w, next: next)])
    #expect(updates[0].plain().scalars == exact)
    let observer = StepObserver()
    _ = try Engine.run(results: [y], updates: [(state: w, next: next)], observe: observer)
    let names = observer.entries.map(\.name)
    #expect(names.contains("linear") && names.contains("linear weight gradient"))
    #expect(!names.contains("reorder"))
  }

  @Test func patchesAreExact() throws {
    var count = 0
    for shape: Shape in [[2, 3, 9], [2, 4, 6, 7], [1, 2, 4, 5, 3]] {
      for (kernel, padding, dilation) in [(1, 0, 1), (2, 0, 1), (3, 1, 1), (2, 2, 2)] {
        for stride in [1, 2] {
          let y = Images.integers(shape, "x").patches(
            Extents(kernel), stride: Extents(stride), padding: .symmetric(Extents(padding)),
            dilation: Extents(dilation))
          #expect(try FastPath.error([y]) == 0, "\(shape) \(kernel) \(stride)")
          #expect(try FastPath.fallbacks([y]).isEmpty)
          count += 1
        }
      }
    }
    #expect(count == 24)
  }
}
