import FoveaTensor
import FoveaTestSupport
import Testing

@testable import FoveaRuntime

@Suite struct PoolPlanTests {
  struct Case: Sendable, CustomStringConvertible {
    let shape: Shape
    let kernel: Extents
    let stride: Extents
    let padding: Padding
    let dilation: Extents
    let ceil: Bool
    let form: Images.Form

    var description: String {
      "\(shape) \(kernel) stride \(stride) padding \(padding) dilation \(dilation) "
        + "\(ceil ? "ceil " : "")\(form)"
    }
  }

  static let cases: [Case] = {
    var cases: [Case] = []
    let shapes: [Shape] = [
      [1, 3, 9], [2, 16, 11], [1, 5, 8, 7], [3, 16, 7, 9], [2, 20, 6, 6], [1, 2, 4, 5, 6],
      [1, 17, 5, 4, 4],
    ]
    for shape in shapes {
      for (kernel, padding, dilation) in [(2, 0, 1), (3, 1, 1), (3, 0, 1), (2, 1, 2)] {
        for stride in [1, 2, 3] {
          for ceil in [false, true] {
            for form in Images.Form.allCases {
              cases.append(
                Case(
                  shape: shape, kernel: Extents(kernel), stride: Extents(stride),
                  padding: .symmetric(Extents(padding)),
                  dilation: Extents(dilation), ceil: ceil, form: form))
            }
          }
        }
      }
    }
    return cases
  }()

  @Test func maximumIsExact() throws {
    #expect(Self.cases.count == 336)
    for test in Self.cases {
      let x = Images.integers(test.shape, "\(test)")
      let (y, index) = Images.form(x, test.form).maxPooledWithIndices(
        test.kernel, stride: test.stride, padding: test.padding, dilation: test.dilation,
        ceil: test.ceil)
      let alone = Images.form(x, test.form).maxPooled(
        test.kernel, stride: test.stride, padding: test.padding, dilation: test.dilation,
        ceil: test.ceil)
      let g = Images.integers(y.shape, "g \(test)")
      let dx = gradients(of: (y * g).sum(), withRespectTo: [x])
      #expect(try FastPath.error([y, index] + dx) == 0, "\(test)")
      #expect(try FastPath.error([alone]) == 0, "\(test)")
    }
  }

  @Test func meanIsExact() throws {
    for test in Self.cases {
      let x = Images.integers(test.shape, "\(test)")
      for (countsPadding, divisor) in [(true, nil), (false, nil), (true, 4)] {
        let y = Images.form(x, test.form).averagePooled(
          test.kernel, stride: test.stride, padding: test.padding, dilation: test.dilation,
          ceil: test.ceil, countsPadding: countsPadding, divisor: divisor)
        let g = Images.integers(y.shape, "g \(test)")
        let dx = gradients(of: (y * g).sum(), withRespectTo: [x])
        #expect(try FastPath.error([y]) == 0, "\(test)")
        #expect(try FastPath.error(dx) < (divisor == 4 ? 1e-30 : 1e-6), "\(test)")
      }
    }
  }

  @Test func nothingFallsBack() throws {
    let x = Images.integers([2, 16, 6, 6], "x")
    let y = x.maxPooled(2) + x.averagePooled(2)
    let all = [y] + gradients(of: y.squared().sum(), withRespectTo: [x])
    let fallbacks = try FastPath.fallbacks(all)
    #expect(fallbacks.filter { $0.contains("pool") }.isEmpty)
  }

  @Test func indicesOutsideThePlaneAreLeftOut() throws {
    let g = Images.integers([1, 2, 2, 2], "g")
    let index = Tensor([0, 3, -1, 99, 5, -7, 8, 8], shape: [1, 2, 2, 2], as: .int32)
    let scattered = try Tensor.recording(PoolScatter(image: [1, 2, 3, 3]), [g, index])
    let unpooled = g.unpooled(indices: index, to: [3, 3])
    let gathered = try Tensor.recording(
      PoolGather(), [Images.integers([1, 2, 3, 3], "image"), index])
    #expect(try FastPath.error([scattered, unpooled, gathered]) == 0)
  }

  @Test func adaptiveMeansAgree() throws {
    var count = 0
    for shape: Shape in [[2, 3, 7], [1, 16, 7, 5], [2, 20, 9, 8], [1, 3, 4, 5, 7]] {
      for windows in 2...3 {
        for form in Images.Form.allCases {
          let x = Images.numbers(shape, "adaptive \(shape)")
          let y = Images.form(x, form).adaptiveAveragePooled(to: Extents(windows))
          let g = Images.numbers(y.shape, "g")
          let all = [y] + gradients(of: (y * g).sum(), withRespectTo: [x])
          #expect(try FastPath.error(all) < 1e-6, "\(shape) to \(windows) \(form)")
          count += 1
        }
      }
    }
    #expect(count == 16)
  }
}
