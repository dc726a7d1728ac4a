import Fovea

/// An optimizer whose rule was named on the command line.
struct AnyOptimizer {
  let step: (Tensor) throws -> Float

  static let names = ["sgd", "adam", "adamw", "rmsprop"]

  /// The learning rate people start with.
  static func usualRate(_ name: String) -> Double {
    switch name {
    case "sgd": 0.05
    case "rmsprop": 5e-4
    default: 1e-3
    }
  }

  init(_ name: String, for model: some Module, learningRate: Double) {
    func make(_ rule: some UpdateRule) -> (Tensor) throws -> Float {
      let optimizer = Optimizer(rule, for: model, learningRate: learningRate)
      return { try optimizer.tryStep(minimizing: $0) }
    }
    step =
      switch name {
      case "sgd": make(SGD(momentum: 0.9))
      case "adamw": make(AdamW())
      case "rmsprop": make(RMSProp())
      default: make(Adam())
      }
  }
}
