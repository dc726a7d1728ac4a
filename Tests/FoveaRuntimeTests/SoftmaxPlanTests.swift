import FoveaTensor
import FoveaTestSupport
import Testing

@testable import FoveaRuntime

@Suite struct SoftmaxPlanTests {
  @Test func softmaxAgreesAlongEveryAxis() throws {
    for shape: Shape in [[7], [3, 10], [2, 17, 5], [2, 3, 4, 5]] {
      for axis in 0..<shape.rank {
        let x = Images.numbers(shape, "x")
        let g = Images.numbers(shape, "g")
        for y in [x.softmax(axis: axis), x.logSoftmax(axis: axis - shape.rank)] {
          let all = [y] + gradients(of: (y * g).sum(), withRespectTo: [x])
          #expect(try FastPath.error(all) < 1e-5, "\(shape) along \(axis)")
          #expect(try FastPath.fallbacks(all).filter { $0.contains("softmax") }.isEmpty)
        }
      }
    }
  }

  @Test func crossEntropyAgrees() throws {
    for (shape, type) in [
      ([4, 10] as Shape, ElementType.int32), ([33, 7], .int64), ([2, 5, 3], .int32),
      ([2, 4, 3, 2], .int64),
    ] {
      for smoothing in [0, 0.1] {
        for ignored in [nil, 2, -1] {
          let x = Images.numbers(shape, "x")
          let places = Shape([shape[0]] + shape.extents[2...])
          let labels = Tensor(
            (0..<places.count).map { Double($0 % 7 == 6 && ignored == -1 ? -1 : $0 % shape[1]) },
            shape: places, as: type)
          let y = x.softmaxCrossEntropy(labels: labels, smoothing: smoothing, ignoring: ignored)
          let g = Images.numbers(places, "g")
          let all = [y] + gradients(of: (y * g).sum(), withRespectTo: [x])
          #expect(try FastPath.error(all) < 1e-5, "\(shape) \(type) \(smoothing)")
          #expect(try FastPath.fallbacks(all).filter { $0.contains("softmax") }.isEmpty)
        }
      }
    }
  }

  @Test(arguments: [ElementType.int32, .int64])
  func labelsOfNoClassAreRefused(_ type: ElementType) {
    for label in [-1.0, 10, type == .int64 ? 0x1p40 : 0x1p30] {
      let x = Images.numbers([3, 10], "x")
      let labels = Tensor([1, label, 3], shape: [3], as: type)
      let y = x.softmaxCrossEntropy(labels: labels)
      let expected = LabelError(sample: 1, label: Int(label), classes: 10)
      #expect(throws: expected) { try Engine.run(results: [y]) }
      #expect(throws: expected) {
        try Engine.run(results: gradients(of: y.sum(), withRespectTo: [x]))
      }
      #expect(
        "\(expected)" == "sample 1 has label \(Int(label)), but there are 10 classes, numbered "
          + "from 0 to 9")
    }
  }
}
