import FoveaNN
import FoveaTensor
import FoveaTestSupport
import Testing

@testable import FoveaTraining

/// Trajectories of PyTorch's optimizers: five steps of two parameters with given gradients.
@Suite struct OptimizerGoldenTests {
  static let family = try? GoldenFamily("optimizers")
  static let ops = ["sgd", "adam", "adamw", "rmsprop", "adagrad"]

  struct Pair: Module {
    let first: Parameter
    let second: Parameter
  }

  @Test func thereAreAllCases() throws {
    let cases = try #require(Self.family).cases
    #expect(cases.filter { Self.ops.contains($0.op) }.count == 29)
  }

  @Test(arguments: (family?.cases ?? []).filter { ops.contains($0.op) })
  func followsTheTrajectory(_ test: GoldenCase) throws {
    // The file has 12 digits.
    for (elementType, tolerance) in [(ElementType.float64, 1e-11), (.float32, 1e-6)] {
      let model = Pair(
        first: try Self.parameter(test, "first", elementType),
        second: try Self.parameter(test, "second", elementType))
      let rate = try test.number("learningRate")
      switch test.op {
      case "sgd":
        let rule = SGD(
          momentum: try test.number("momentum"), dampening: try test.number("dampening"),
          nesterov: try test.flag("nesterov"), weightDecay: try test.number("weightDecay"))
        try Self.follow(test, Optimizer(rule, for: model, learningRate: rate), model, tolerance)
      case "adam":
        let rule = try Self.adam(test, decay: test.number("weightDecay"))
        try Self.follow(test, Optimizer(rule, for: model, learningRate: rate), model, tolerance)
      case "adamw":
        var rule = AdamW(weightDecay: try test.number("weightDecay"))
        rule.adam = try Self.adam(test, decay: 0)
        try Self.follow(test, Optimizer(rule, for: model, learningRate: rate), model, tolerance)
      case "rmsprop":
        let rule = RMSProp(
          alpha: try test.number("alpha"), epsilon: try test.number("epsilon"),
          momentum: try test.number("momentum"), centered: try test.flag("centered"),
          weightDecay: try test.number("weightDecay"))
        try Self.follow(test, Optimizer(rule, for: model, learningRate: rate), model, tolerance)
      default:
        let rule = Adagrad(
          rateDecay: try test.number("rateDecay"),
          initialAccumulator: try test.number("initialAccumulator"),
          epsilon: try test.number("epsilon"), weightDecay: try test.number("weightDecay"))
        try Self.follow(test, Optimizer(rule, for: model, learningRate: rate), model, tolerance)
      }
    }
  }

  private static func adam(_ test: GoldenCase, decay: Double) throws -> Adam {
    Adam(
      beta1: try test.number("beta1"), beta2: try test.number("beta2"),
      epsilon: try test.number("epsilon"), usesLargestMoment: try test.flag("amsgrad"),
      weightDecay: decay)
  }

  private static func parameter(
    _ test: GoldenCase, _ name: String, _ elementType: ElementType
  ) throws -> Parameter {
    let array = try test.input(name)
    return Parameter(Tensor(array.scalars, shape: array.shape, as: elementType))
  }

  /// The loss `Σ g·w` has the gradient `g`.
  private static func follow<Rule>(
    _ test: GoldenCase, _ optimizer: Optimizer<Rule>, _ model: Pair, _ tolerance: Double
  ) throws {
    let steps = try test.integer("steps")
    #expect(steps == 5)
    for step in 1...steps {
      var loss: Tensor?
      for (name, parameter) in model.namedParameters {
        let array = try test.input("\(name).gradient\(step)")
        let g = Tensor(array.scalars, shape: array.shape, as: parameter.type.elementType)
        let part = (g * parameter.tensor).sum()
        loss = loss.map { $0 + part } ?? part
      }
      try optimizer.tryStep(minimizing: loss!)
      for (name, parameter) in model.namedParameters {
        let expected = try test.output("\(name).after\(step)").scalars
        let found = parameter.tensor.value!.plain().scalars
        let scale = expected.reduce(0) { max($0, abs($1)) }
        for (index, (e, f)) in zip(expected, found).enumerated() {
          #expect(
            abs(e - f) <= tolerance * scale,
            "\(test), step \(step), \(name)[\(index)]: expected \(e), got \(f)")
        }
      }
    }
    #expect(optimizer.stepCount == steps)
  }
}

@Suite struct ClippingGoldenTests {
  static let cases = ((try? GoldenFamily("optimizers"))?.cases ?? []).filter {
    $0.op.hasPrefix("clip_gradient")
  }

  @Test func thereAreAllCases() { #expect(Self.cases.count == 6) }

  @Test(arguments: cases) func clipsAsPyTorchDoes(_ test: GoldenCase) throws {
    let names = ["first", "second"]
    let gradients = try names.map { Tensor(try test.input("\($0).gradient")) }
    let limit = try test.number("limit")
    let clipping: GradientClipping
    if test.op == "clip_gradient_norm" {
      let power = (try? test.number("power")) ?? .infinity
      clipping = .norm(limit, power: power)
      let norm = Interpreter.evaluate([GradientClipping.norm(of: gradients, power: power)!])[0]
      let expected = try test.output("norm").scalars[0]
      #expect(abs(norm.scalars[0] - expected) <= 1e-11 * expected)
    } else {
      clipping = .value(limit)
    }
    let clipped = Interpreter.evaluate(clipping.apply(to: gradients))
    for (name, array) in zip(names, clipped) {
      let expected = try test.output("\(name).clipped").scalars
      for (e, f) in zip(expected, array.scalars) { #expect(abs(e - f) <= 1e-11) }
    }
  }
}
