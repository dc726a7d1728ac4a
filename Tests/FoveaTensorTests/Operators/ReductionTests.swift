import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct ReductionTests {
  private static let axes: [(Shape, [Int])] = [
    ([], []), ([3], [0]), ([3], []), ([2, 3], [0]), ([2, 3], [1]), ([2, 3], [-1, 0]),
    ([2, 3, 4], [1]), ([2, 3, 4], [0, 2]), ([2, 3, 4], [0, 1, 2]), ([2, 1, 3], [-2]),
    ([1, 2, 2, 2], [2, 3]),
  ]

  static let cases: [OperatorCase] = {
    var cases: [OperatorCase] = []
    for (shape, axes) in axes {
      for keeps in [false, true] {
        for function in Reduction.Function.allCases {
          cases.append(
            OperatorCase("\(function) \(shape) \(axes) \(keeps)", shape) {
              let y = try Tensor.recording(Reduction(function, axes: axes, keepsAxes: keeps), $0)
              return y * y
            })
        }
        cases.append(
          OperatorCase("log sum exp \(shape) \(axes) \(keeps)", shape) {
            $0[0].logSumExp(axes: axes, keepsAxes: keeps)
          })
        for power in [1, 2, 3, 1.5, Double.infinity] {
          cases.append(
            OperatorCase(
              "norm \(power) \(shape) \(axes) \(keeps)", shape, avoidingMultiplesOf: 2
            ) { $0[0].norm(power: power, axes: axes, keepsAxes: keeps) })
        }
      }
    }
    return cases
  }()

  static let statistics: [OperatorCase] = {
    var cases: [OperatorCase] = []
    for (shape, axes) in axes where Shape(axes.map { shape[$0] }).count > 1 {
      for correction in [0, 1] {
        for keeps in [false, true] {
          let words = "\(shape) \(axes) \(correction) \(keeps)"
          cases += [
            OperatorCase("variance \(words)", shape) {
              $0[0].variance(axes: axes, correction: correction, keepsAxes: keeps)
            },
            OperatorCase("deviation \(words)", shape) {
              $0[0].standardDeviation(axes: axes, correction: correction, keepsAxes: keeps)
            },
          ]
        }
      }
    }
    return cases
  }()

  static let running: [OperatorCase] = {
    var cases: [OperatorCase] = []
    let shapes: [Shape] = [[4], [1], [2, 3], [2, 3, 2]]
    for shape in shapes {
      for axis in -shape.rank..<shape.rank {
        for (reversed, exclusive) in [(false, false), (true, false), (false, true), (true, true)] {
          cases.append(
            OperatorCase("running sum \(shape) \(axis) \(reversed) \(exclusive)", shape) {
              let sum = $0[0].cumulativeSum(axis: axis, reversed: reversed, exclusive: exclusive)
              return sum * sum
            })
        }
        cases.append(
          OperatorCase("running product \(shape) \(axis)", shape) {
            $0[0].cumulativeProduct(axis: axis)
          })
      }
    }
    return cases
  }()

  @Test(arguments: [ElementType.float32, .bfloat16, .float16])
  func gradientsKeepTheElementType(_ elementType: ElementType) throws {
    let table = Self.cases + Self.statistics + Self.running
    #expect(try GradientCheck.recorded(table, as: elementType) == table.count)
  }

  @Test func firstAndSecondOrder() throws {
    #expect(try GradientCheck.failures(of: Self.cases) == [])
    #expect(try GradientCheck.failures(of: Self.statistics) == [])
    #expect(try GradientCheck.failures(of: Self.running) == [])
    #expect(Self.cases.count == 242)
    #expect(Self.statistics.count == 64)
    #expect(Self.running.count == 70)
  }

  /// Products whose factors are zero, where a quotient would be wrong: exactly, at both orders.
  @Test func productsOfZeros() throws {
    let zeros: [[Double]] = [
      [2, 0, 3, 0.5], [0, 2, 3, 1], [2, 3, 1, 0], [0, 0, 2, 3], [0, 2, 0, 0], [0, 0, 0, 0],
    ]
    for factors in zeros {
      for record: (Tensor) -> Tensor in [{ $0.product() }, { $0.cumulativeProduct(axis: 0) }] {
        let x = Tensor(factors, shape: [4], as: .float64)
        let weights = Tensor([1, 2, 4, 8], shape: [4], as: .float64)
        let first = gradient(of: (record(x) * weights).sum(), withRespectTo: x)
        let second = gradient(of: (first * weights).sum(), withRespectTo: x)
        let found = Interpreter.evaluate([first, second]).map(\.scalars)
        func value(_ moved: [Double]) -> Double {
          let y = record(Tensor(moved, shape: [4], as: .float64)) * weights
          return Interpreter.evaluate([y.sum()])[0].scalars[0]
        }
        // The functions are linear in each factor: differences over whole steps are exact.
        func slope(_ k: Int, _ at: [Double]) -> Double {
          var (high, low) = (at, at)
          high[k] += 1
          low[k] -= 1
          return (value(high) - value(low)) / 2
        }
        #expect(found[0] == (0..<4).map { slope($0, factors) })
        let curvature = (0..<4).map { j in
          var (high, low) = (factors, factors)
          high[j] += 1
          low[j] -= 1
          return (0..<4).reduce(0) { sum, k in
            sum + [1, 2, 4, 8][k] * (slope(k, high) - slope(k, low)) / 2
          }
        }
        #expect(found[1] == curvature)
      }
    }
  }

  @Test func extremes() {
    let x = Tensor([1, 5, 5, 0, .nan, 2, .nan, 3, 0, 0, -1, 0], shape: [3, 4], as: .float64)
    let values = Interpreter.evaluate([
      x.argmax(axis: 1), x.argmin(axis: -1, keepsAxis: true), x.argmax(axis: 0), x.argmax(),
      x.max(axes: [1]), x.min(axes: [1]),
    ])
    #expect(values[0] == HostArray(TensorType([3], .int32), [1, 0, 0]))
    #expect(values[1] == HostArray(TensorType([3, 1], .int32), [3, 0, 2]))
    #expect(values[2] == HostArray(TensorType([4], .int32), [1, 0, 1, 1]))
    #expect(values[3] == HostArray(TensorType([], .int32), [4]))
    #expect(values[4].scalars[1].isNaN)
    #expect(values[5].scalars[1].isNaN)
    let numbers = HostArray(TensorType([2, 2], .bool), [0, 1, 1, 1])
    let truths = Interpreter.evaluate([
      Tensor(numbers).any(axes: [1]), Tensor(numbers).all(axes: [1]), Tensor(numbers).all(),
    ])
    #expect(truths.map(\.scalars) == [[1, 1], [0, 1], [0]])
    #expect(truths[0].type.elementType == .bool)
  }

  @Test func normsAtZeroHaveNoSlope() {
    let x = Tensor([0, 0], shape: [2], as: .float64)
    for power in [1, 2, 3, 0.5, Double.infinity] {
      let norm = x.norm(power: power)
      let values = Interpreter.evaluate([norm, gradient(of: norm, withRespectTo: x)])
      #expect(values.map(\.scalars) == [[0], [0, 0]], "power \(power)")
    }
  }

  @Test func logSumExpOfInfinities() {
    let x = Tensor(
      [-.infinity, -.infinity, 1e300, 1e300, .infinity, 0], shape: [3, 2], as: .float64)
    let y = Interpreter.evaluate([x.logSumExp(axes: [1])])[0]
    #expect(y.scalars == [-.infinity, 1e300, .infinity])
  }

  @Test func goldens() throws {
    func reduced(_ record: @escaping @Sendable (Tensor, [Int], Bool) -> Tensor) -> GoldenRecording {
      { test, x in
        ["y": record(x["x"], try test.integers("axes"), try test.flag("keepAxes"))]
      }
    }
    func along(_ record: @escaping @Sendable (Tensor, Int) -> Tensor) -> GoldenRecording {
      { test, x in ["y": record(x["x"], try test.integer("axis"))] }
    }
    let report = try GoldenFamily("reductions").run([
      "sum": reduced { $0.sum(axes: $1, keepsAxes: $2) },
      "mean": reduced { $0.mean(axes: $1, keepsAxes: $2) },
      "logsumexp": reduced { $0.logSumExp(axes: $1, keepsAxes: $2) },
      "amax": reduced { $0.max(axes: $1, keepsAxes: $2) },
      "amin": reduced { $0.min(axes: $1, keepsAxes: $2) },
      "prod": reduced { $0.product(axes: $1, keepsAxes: $2) },
      "norm_inf": reduced { $0.norm(power: .infinity, axes: $1, keepsAxes: $2) },
      "norm": { test, x in
        let power = try test.number("power")
        let axes = try test.integers("axes")
        return ["y": x["x"].norm(power: power, axes: axes, keepsAxes: try test.flag("keepAxes"))]
      },
      "var": { test, x in
        let correction = try test.integer("correction")
        let (axes, keeps) = (try test.integers("axes"), try test.flag("keepAxes"))
        return ["y": x["x"].variance(axes: axes, correction: correction, keepsAxes: keeps)]
      },
      "std": { test, x in
        let correction = try test.integer("correction")
        let (axes, keeps) = (try test.integers("axes"), try test.flag("keepAxes"))
        return ["y": x["x"].standardDeviation(axes: axes, correction: correction, keepsAxes: keeps)]
      },
      "cumsum": along { $0.cumulativeSum(axis: $1) },
      "cumprod": along { $0.cumulativeProduct(axis: $1) },
      "argmax": along { $0.argmax(axis: $1).cast(to: .int64) },
      "argmin": along { $0.argmin(axis: $1).cast(to: .int64) },
      "topk": { test, x in
        let (count, axis) = (try test.integer("count"), try test.integer("axis"))
        let top = x["x"].top(count, axis: axis, largest: try test.flag("largest"))
        return ["y": top.values, "indices": top.indices.cast(to: .int64)]
      },
    ])
    #expect(report.failures == [])
    #expect(report.count == 83)
  }
}
