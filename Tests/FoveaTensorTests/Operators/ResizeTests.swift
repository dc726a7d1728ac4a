import FoveaTensor
import FoveaTestSupport
import Testing

@Suite struct ResizeTests {
  static let cases: [OperatorCase] = {
    var cases: [OperatorCase] = []
    let methods: [(ResizeMethod, [ResizeCoordinates])] = [
      (.nearest, [.halfPixel]), (.nearestExact, [.halfPixel]),
      (.rounded(.halfDown), ResizeCoordinates.allCases),
      (.linear, ResizeCoordinates.allCases),
      (.cubic(), ResizeCoordinates.allCases), (.cubic(coefficient: -0.5), [.halfPixel]),
    ]
    let sizes: [(Shape, [Int])] = [
      ([1, 1, 5], [10]), ([2, 2, 7], [3]), ([1, 2, 4], [1]), ([1, 3, 1], [4]), ([1, 1, 6], [6]),
      ([1, 1, 3], [7]), ([2, 1, 5], [4]), ([1, 1, 8], [2]),
      ([1, 1, 3, 4], [6, 8]), ([1, 1, 5, 6], [3, 4]), ([2, 1, 4, 3], [7, 2]),
      ([1, 2, 3, 3], [3, 3]), ([1, 1, 2, 2], [1, 5]), ([1, 1, 1, 1], [3, 2]),
      ([1, 1, 4, 4], [2, 2]), ([1, 2, 2, 3], [4, 6]),
      ([1, 1, 2, 3, 2], [4, 5, 3]), ([1, 1, 3, 2, 4], [2, 3, 2]), ([1, 2, 2, 2, 2], [1, 2, 3]),
      ([1, 1, 3, 3, 1], [2, 2, 2]), ([1, 1, 1, 2, 3], [3, 1, 6]), ([1, 1, 2, 2, 2], [4, 4, 4]),
      ([2, 1, 2, 1, 2], [3, 3, 3]), ([1, 1, 4, 2, 2], [2, 2, 2]),
    ]
    for (method, rules) in methods {
      for coordinates in rules {
        for (image, output) in sizes {
          cases.append(
            OperatorCase("\(method), \(coordinates), \(image) to \(output)", image) {
              $0[0].resized(to: Extents(output), method, coordinates: coordinates)
            })
        }
      }
    }
    for (image, factors) in [
      ([1, 1, 5], [2.5]), ([1, 1, 7], [0.4]), ([1, 1, 3, 4], [1.7, 1.3]),
    ] as [(Shape, [Double])] {
      for method in [.nearest, .nearestExact, .linear, .cubic()] as [ResizeMethod] {
        cases.append(
          OperatorCase("\(method), \(image) by \(factors)", image) {
            $0[0].resized(by: factors, method)
          })
      }
    }
    return cases
  }()

  @Test(arguments: cases) func gradients(_ test: OperatorCase) throws {
    #expect(try GradientCheck.firstOrder(test) == [])
    #expect(try GradientCheck.secondOrder(test) == [])
  }

  @Test func countsItsCases() { #expect(Self.cases.count == 24 * 12 + 12) }

  @Test func goldens() throws {
    let methods: [String: ResizeMethod] = [
      "nearest": .nearest, "nearest-exact": .nearestExact, "linear": .linear, "bilinear": .linear,
      "trilinear": .linear, "bicubic": .cubic(),
    ]
    let report = try GoldenFamily("resize").run([
      "interpolate": { test, inputs in
        let method = try #require(methods[try test.text("mode")])
        let aligned = test.has("alignCorners") ? try test.flag("alignCorners") : false
        let coordinates: ResizeCoordinates = aligned ? .alignCorners : .halfPixel
        return [
          "y": test.has("size")
            ? inputs["x"].resized(
              to: try test.extents("size"), method, coordinates: coordinates)
            : inputs["x"].resized(
              by: try test.numbers("scaleFactor"), method, coordinates: coordinates)
        ]
      }
    ])
    #expect(report.failures == [])
    #expect(report.count == 96)
  }

  @Test func everyRuleKeepsAConstant() {
    for method in [.nearest, .nearestExact, .linear, .cubic(), .cubic(coefficient: -0.5)]
      as [ResizeMethod]
    {
      for coordinates in ResizeCoordinates.allCases {
        for (size, output) in [(3, 8), (8, 3), (1, 5), (5, 1), (4, 4)] {
          let taps = ResizeRule(method, coordinates).taps(axis: 0, size: size, output: output)
          #expect(taps.count == output)
          #expect(taps.indices.allSatisfy { (0..<Int32(size)).contains($0) })
          for first in stride(from: 0, to: taps.weights.count, by: taps.width) {
            let sum = taps.weights[first..<first + taps.width].reduce(0, +)
            #expect(abs(sum - 1) < 1e-14)
          }
        }
      }
    }
  }

  @Test func roundingFollowsItsName() {
    func indices(_ rounding: ResizeRounding) -> [Int32] {
      ResizeRule(.rounded(rounding), .asymmetric).taps(axis: 0, size: 3, output: 6).indices
    }
    #expect(indices(.down) == [0, 0, 1, 1, 2, 2])
    #expect(indices(.up) == [0, 1, 1, 2, 2, 2])
    #expect(indices(.halfDown) == [0, 0, 1, 1, 2, 2])
    #expect(indices(.halfUp) == [0, 1, 1, 2, 2, 2])
  }

  @Test func integersCanBeRepeated() {
    let x = Tensor([1, 2, 255], shape: [1, 1, 3], as: .uint8)
    #expect(
      Interpreter.evaluate([x.resized(to: 6, .nearest)])[0].scalars == [1, 1, 2, 2, 255, 255])
  }
}
