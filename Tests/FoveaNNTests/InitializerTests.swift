import FoveaRuntime
import FoveaTensor
import FoveaTestSupport
import Testing

@testable import FoveaNN

@Suite struct InitializerTests {
  static let cases = (try? GoldenFamily("initializers"))?.cases ?? []

  @Test func asksForWhatPyTorchAsksFor() throws {
    var counts: [String: Int] = [:]
    for test in Self.cases {
      counts[test.op, default: 0] += 1
      switch test.op {
      case "gain":
        let (found, expected) = (try Self.gain(test), try Self.number(test, "gain"))
        #expect(Self.agrees(found, expected), "\(test)")
      case "fans":
        let fans = try Fans(Shape(test.integers("shape")))
        let (incoming, outgoing) = (try Self.number(test, "in"), try Self.number(test, "out"))
        #expect(Double(fans.incoming) == incoming, "\(test)")
        #expect(Double(fans.outgoing) == outgoing, "\(test)")
      case "dirac":
        let type = TensorType(Shape(try test.integers("shape")), .float64)
        let initial = try InitialValue(.dirac(groups: test.integer("groups")), type)
        let weight = try test.output("weight").scalars
        #expect(initial.drawn().scalars == weight, "\(test)")
      default: try Self.compare(test)
      }
    }
    #expect(
      counts == [
        "gain": 9, "fans": 8, "xavier_uniform": 16, "xavier_normal": 16, "kaiming_uniform": 24,
        "kaiming_normal": 24, "dirac": 4,
      ])
  }

  private static func number(_ test: GoldenCase, _ name: String) throws -> Double {
    try test.output(name).scalars[0]
  }

  private static func agrees(_ found: Double, _ expected: Double) -> Bool {
    // The file has 12 digits.
    abs(found - expected) <= 1e-11 * abs(expected)
  }

  private static func gain(_ test: GoldenCase) throws -> Double {
    switch try test.text("nonlinearity") {
    case "linear", "conv2d": Gain.linear
    case "sigmoid": Gain.sigmoid
    case "tanh": Gain.tanh
    case "relu": Gain.relu
    case "selu": Gain.selu
    default: Gain.leakyReLU(slope: try test.optionalNumber("slope") ?? 0.01)
    }
  }

  private static func compare(_ test: GoldenCase) throws {
    let shape = Shape(try test.integers("shape"))
    let isNormal = test.op.hasSuffix("normal")
    let initializer: Initializer
    if test.op.hasPrefix("xavier") {
      let gain = try test.number("gain")
      initializer = isNormal ? .glorotNormal(gain: gain) : .glorotUniform(gain: gain)
    } else {
      let (fan, gain): (Initializer.Fan, Double) = (
        try test.text("fan") == "in" ? .in : .out, try Self.gain(test)
      )
      initializer =
        isNormal ? .heNormal(fan: fan, gain: gain) : .heUniform(fan: fan, gain: gain)
    }
    switch try initializer.distribution(for: shape) {
    case .normal(let mean, let deviation):
      #expect(isNormal && mean == 0, "\(test)")
      let expected = try number(test, "deviation")
      #expect(agrees(deviation, expected), "\(test)")
    case .uniform(let low, let high):
      #expect(!isNormal && low == -high, "\(test)")
      let expected = try number(test, "high")
      #expect(agrees(high, expected), "\(test)")
    default: Issue.record("\(test) draws from something else")
    }
  }

  static func moments(_ values: [Float]) -> (mean: Double, deviation: Double) {
    let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
    let square = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    return (mean, (square / Double(values.count)).squareRoot())
  }

  static func draw(_ initializer: Initializer, _ shape: Shape = [100_000]) -> [Float] {
    withSeed(11) { Parameter(initializer, shape: shape).tensor.scalars() }
  }

  @Test func uniformNumbersFillTheirRange() {
    let values = Self.draw(.uniform(-2...4))
    let (mean, deviation) = Self.moments(values)
    #expect(abs(mean - 1) < 0.03)
    #expect(abs(deviation - 3.0.squareRoot()) < 0.02)
    #expect(values.allSatisfy { (-2...4).contains($0) })
    #expect(values.min()! < -1.999 && values.max()! > 3.999)
  }

  @Test func normalNumbersHaveTheirMoments() {
    let values = Self.draw(.normal(mean: 3, deviation: 0.5))
    let (mean, deviation) = Self.moments(values)
    #expect(abs(mean - 3) < 0.01)
    #expect(abs(deviation - 0.5) < 0.005)
    let within = values.filter { abs($0 - 3) < 0.5 }.count
    #expect(abs(Double(within) / 100_000 - 0.6827) < 0.006)
  }

  @Test func truncatedNumbersStayWithinTheirCut() {
    let values = Self.draw(.truncatedNormal(mean: 1, deviation: 2, cut: 1.5))
    #expect(values.allSatisfy { abs($0 - 1) <= 3.0001 })
    // The deviation of a normal distribution cut at 1.5 is 0.7416 of the whole one's.
    let (mean, deviation) = Self.moments(values)
    #expect(abs(mean - 1) < 0.02)
    #expect(abs(deviation - 2 * 0.7416) < 0.01)
  }

  @Test(arguments: [(0.975, 1.959963984540054), (0.5, 0), (1e-9, -5.997807015007687)])
  func quantilesAreThoseOfTables(_ probability: Double, _ quantile: Double) {
    #expect(abs(NormalDistribution.quantile(probability) - quantile) < 1e-9)
  }

  @Test(arguments: [[3, 5] as Shape, [5, 3], [4, 2, 3, 3]])
  func orthogonalRowsAreAtRightAngles(_ shape: Shape) {
    let rows = shape[0]
    let columns = shape.count / rows
    let w = withSeed(1) {
      Parameter(.orthogonal(gain: 2), shape: shape, as: .float64).tensor.doubles()
    }
    for i in 0..<min(rows, columns) {
      for j in 0..<min(rows, columns) {
        var product = 0.0
        for k in 0..<max(rows, columns) {
          product +=
            rows <= columns
            ? w[i * columns + k] * w[j * columns + k] : w[k * columns + i] * w[k * columns + j]
        }
        #expect(abs(product - (i == j ? 4 : 0)) < 1e-9)
      }
    }
  }

  @Test func defaultsAreThoseOfPyTorch() throws {
    let layer = withSeed(1) { Conv2D(in: 8, out: 16, kernel: 3, groups: 2) }
    let bound = 1 / Float(4 * 9).squareRoot()
    for parameter in layer.parameters {
      let values = parameter.tensor.scalars()
      #expect(values.allSatisfy { abs($0) <= bound })
      #expect(values.contains { abs($0) > 0.8 * bound })
    }
  }

  @Test func theSameSeedGivesTheSameWeights() {
    func weights(_ seed: UInt64) -> [String: [Float]] {
      withSeed(seed) { Linear(in: 7, out: 5) }.weights.mapValues { $0.scalars() }
    }
    #expect(weights(1) == weights(1))
    #expect(weights(1) != weights(2))
    #expect(weights(1)["weight"]![0..<5] != weights(1)["bias"]![0..<5])
  }

  @Test func tasksDoNotDisturbEachOther() async {
    func draw() -> [[Float]] {
      withSeed(4) { (0..<50).map { _ in Linear(in: 3, out: 3).weight.tensor.scalars() } }
    }
    let alone = draw()
    await withTaskGroup(of: [[Float]].self) { group in
      for _ in 0..<4 { group.addTask { draw() } }
      for await together in group { #expect(together == alone) }
    }
  }

  @Test func refusesWhatHasNoFans() {
    #expect(
      throws: ShapeError(
        "initializer",
        "counts the connections of a weight [out, in, …], got [5]; use a constant, uniform or "
          + "normal one")
    ) { _ = try InitialValue(.heNormal(), TensorType([5])) }
    #expect(throws: ShapeError("initializer", "uniform takes finite bounds, got -inf to 1.0")) {
      _ = try InitialValue(.uniform(-Double.infinity...1), TensorType([5]))
    }
    #expect(
      throws: ShapeError(
        "parameter", "int64[5] cannot be drawn at random; begin with a constant")
    ) { _ = try InitialValue(.normal(), TensorType([5], .int64)) }
  }

  @Test func twentyFiveMillionWeightsAreDrawnAtOnce() {
    let parameter = withSeed(1) { Parameter(.heNormal(), shape: [5000, 5000]) }
    let time = ContinuousClock().measure { _ = parameter.tensor.value!.plain() }
    print("25 million normal weights: \(time)")
    // Half a second on an idle machine; a busy one is allowed more.
    #expect(time < .seconds(4))
  }
}
