import FoveaTensor
import FoveaTestSupport
import Testing

@testable import FoveaRuntime

@Suite struct ResizePlanTests {
  static let methods: [ResizeMethod] = [
    .nearest, .nearestExact, .rounded(.halfUp), .linear, .cubic(),
  ]

  @Test func resizingAgrees() throws {
    var count = 0
    let targets: [(Shape, Extents)] = [
      ([2, 3, 7], [12]), ([1, 16, 5, 6], [9, 4]), ([2, 5, 4, 3], [8, 8]), ([1, 20, 3, 3], [2, 7]),
      ([1, 2, 3, 4, 2], [5, 3, 4]),
    ]
    for (shape, target) in targets {
      for method in Self.methods {
        for coordinates in ResizeCoordinates.allCases {
          for form in Images.Form.allCases {
            let x = Images.numbers(shape, "x")
            let y = Images.form(x, form).resized(to: target, method, coordinates: coordinates)
            let g = Images.numbers(y.shape, "g")
            let all = [y] + gradients(of: (y * g).sum(), withRespectTo: [x])
            #expect(
              try FastPath.error(all) < 1e-5, "\(shape) \(target) \(method) \(coordinates) \(form)")
            #expect(try FastPath.fallbacks(all).filter { $0.contains("resize") }.isEmpty)
            count += 1
          }
        }
      }
    }
    #expect(count == 150)
  }
}
