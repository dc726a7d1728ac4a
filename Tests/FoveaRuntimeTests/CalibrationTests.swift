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

  /// Sums, projections and a first layer of few channels, sixteen blocks deep; the batch in which
  /// activations are measured is not the one that is computed.
  @Test func resNet50IsNearFloat32() throws {
    let model = withSeed(1) { Zoo.entry(named: "resnet50")!.make() }
    let calibration = try Calibration([Self.noise([4, 3, 64, 64], seed: 2)]) { model($0) }
    let x = Self.noise([6, 3, 64, 64], seed: 3)
    let wide = model(x).scalars()
    let narrow = try withPrecision(.int8(calibration)) { try model(x).tryScalars() }
    let difference = Self.difference(wide, narrow)
    #expect(difference < 0.1)
    #expect(difference > 1e-4, "nothing was quantised")
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

  @Test func textsSayCalibrations() throws {
    let network = Self.network()
    let calibration = try Calibration([Self.noise([2, 3, 16, 16], seed: 1)], of: network)
    let text = calibration.text
    #expect(try Calibration(text: text, named: "a") == calibration)
    var lines = text.split(separator: "\n").map(String.init)
    #expect(lines[0] == "fovea calibration 1")
    let count = lines.count - 4
    func refusal(_ index: Int, _ line: String?) -> String? {
      var changed = lines
      if let line { changed[index] = line } else { changed.removeSubrange(index...) }
      do {
        _ = try Calibration(text: changed.joined(separator: "\n"), named: "net.calibration")
        return nil
      } catch { return error.description }
    }
    #expect(
      refusal(0, "fovea calibration 2")
        == "net.calibration, line 1, the first line: found “fovea calibration 2”, expected fovea "
        + "calibration 1")
    #expect(
      refusal(3, "values 1000000000000")
        == "net.calibration, line 4, the number of values: found “values 1000000000000”, expected "
        + "“values” and \(count)")
    for bad in ["1 2", "-1", "-1 nan", "-inf 1", "-1 2 3", "", "0 x"] {
      #expect(
        refusal(5, bad)
          == "net.calibration, line 6, range 1: found “\(bad)”, expected two finite numbers around 0"
      )
    }
    #expect(
      refusal(2, nil)
        == "net.calibration, line 3, the fingerprint: found the end, expected “fingerprint” and up "
        + "to 16 digits")
    #expect(refusal(5, nil)?.contains("line 4, the number of values") == true)
    #expect(throws: CalibrationTextError.self) { try Calibration(text: "", named: "empty") }
    lines = lines.map { $0 + "\r" }
    #expect(throws: CalibrationTextError.self) {
      try Calibration(text: lines.joined(separator: "\n"), named: "other ends")
    }
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
