import FoveaNN
import FoveaTensor
import FoveaTestSupport
import FoveaZoo
import Testing

@testable import FoveaRuntime

/// Whole networks in bytes.
@Suite(.enabled(if: Precision.multipliesBytes, "the processor does not multiply bytes"))
struct CalibrationTests {
  private static func noise(_ shape: Shape, seed: UInt64) -> Tensor {
    withSeed(seed) { Parameter(.normal(deviation: 1), shape: shape).tensor.detached() }
  }

  /// A network with every way in which bytes flow: a sum, a pool, a list, and a product at the end.
  private static func network() -> (Tensor) -> Tensor {
    withSeed(5) {
      let stem = Conv2D(in: 3, out: 16, kernel: 3, padding: 1)
      let left = Conv2D(in: 16, out: 16, kernel: 3, padding: 1)
      let right = Conv2D(in: 16, out: 16, kernel: 1)
      let last = Conv2D(in: 32, out: 64, kernel: 3, padding: 1)
      let answer = Linear(in: 64 * 64, out: 20)
      return { x in
        let a = stem(x).relu().maxPooled(2)
        let b = (left(a) + a).relu()
        let c = Tensor.concatenated([b, right(a).relu()], axis: 1)
        return answer(last(c).relu().flattened())
      }
    }
  }

  private static func difference(_ a: [Float], _ b: [Float]) -> Float {
    let error = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return (error / a.reduce(0) { $0 + $1 * $1 }).squareRoot()
  }

  @Test(arguments: [Calibration.Clipping.none, .leastSquares, .share(0.9999)])
  func answersAreNearThoseOfFloat32(_ clipping: Calibration.Clipping) throws {
    let network = Self.network()
    let batches = (0..<4).map { Self.noise([4, 3, 16, 16], seed: $0) }
    let calibration = try Calibration(batches, clipping: clipping, of: network)
    for batch in [1, 5] {
      let x = Self.noise([batch, 3, 16, 16], seed: 9)
      let wide = network(x).scalars()
      let narrow = try withPrecision(.int8(calibration)) { network(x).scalars() }
      let difference = Self.difference(wide, narrow)
      #expect(difference < 0.05)
      #expect(difference > 1e-4, "nothing was quantised")
    }
  }

  @Test func nothingLiesBetweenConvolutions() throws {
    let network = Self.network()
    let x = Self.noise([2, 3, 16, 16], seed: 1)
    let calibration = try Calibration([x], of: network)
    let observer = StepObserver()
    _ = try withPrecision(.int8(calibration)) {
      try Engine.run(results: [network(x)], observe: observer)
    }
    let names = observer.entries.map(\.name)
    #expect(names.filter { $0.hasPrefix("quantized convolution") }.count == 5)
    #expect(names.filter { $0 == "quantize" }.count == 1)
    #expect(names.filter { $0 == "dequantize" }.count == 0)
    #expect(!observer.entries.contains { $0.kernel.hasPrefix("ref") })
  }

  @Test(arguments: Zoo.entries) func zooHasNoFallback(_ entry: ZooEntry) throws {
    let model = withSeed(1) { entry.make() }
    let x = Self.noise(Shape([1] + entry.input.extents), seed: 2)
    let calibration = try Calibration([x]) { model($0) }
    let found = try withPrecision(.int8(calibration)) {
      try Engine.fallbacks(results: [model(x).softmax()])
    }
    #expect(found == [])
  }

  @Test func anotherNetworkIsRefusedByName() throws {
    let first = withSeed(1) { Conv2D(in: 3, out: 4, kernel: 3) }
    let second = withSeed(1) { Conv2D(in: 3, out: 5, kernel: 3) }
    let x = Self.noise([1, 3, 8, 8], seed: 3)
    let calibration = try Calibration([x]) { first($0) }
    do {
      _ = try withPrecision(.int8(calibration)) { try second(x).tryScalars() }
      Issue.record("a calibration of another network was taken")
    } catch let error as CalibrationError {
      guard case .otherNetwork(let measured, let found) = error else { throw error }
      #expect(measured.hasPrefix("Conv2D, 1 product, "))
      #expect(found.hasPrefix("Conv2D, 1 product, "))
      #expect(measured != found)
      #expect(error.description.contains(measured) && error.description.contains(found))
    }
  }

  @Test func whatCannotBeCalibratedIsRefused() throws {
    #expect(throws: CalibrationError.noPictures) { try Calibration([]) { $0 } }
    let x = Self.noise([1, 3, 8, 8], seed: 3)
    #expect(throws: CalibrationError.nothingToQuantize) { try Calibration([x]) { $0.relu() } }
    let layer = withSeed(1) { Conv2D(in: 3, out: 4, kernel: 3) }
    let calibration = try Calibration([x]) { layer($0) }
    let state = layer.weight.tensor
    #expect(throws: CalibrationError.isTraining) {
      try withPrecision(.int8(calibration)) {
        try Engine.run(results: [layer(x).sum()], updates: [(state: state, next: state * 0.5)])
      }
    }
    // Without products there is nothing to refuse.
    let plain = try withPrecision(.int8(calibration)) { try x.relu().tryScalars() }
    #expect(plain == x.relu().scalars())
  }

  @Test func rangesFollowTheNumbers() {
    var distribution = Distribution()
    let small = (0..<10_000).map { Double($0 % 100) / 100 }
    distribution.add(PlainValue(TensorType([10_000]), small))
    distribution.add(PlainValue(TensorType([2]), [40, .infinity]))
    #expect(distribution.range(.none) == 0...40)
    #expect(abs(distribution.range(.share(0.999)).upperBound - 1) < 0.1)
    // One far number is worth less than ten thousand near ones, and more than none of them.
    let least = distribution.range(.leastSquares).upperBound
    #expect(least < 40 && least > 1)
  }
}
