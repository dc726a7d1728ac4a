import Fovea

/// An optimizer whose rule was named on the command line.
struct AnyOptimizer {
  let step: (Tensor) throws -> Float
  /// A step on images and labels whose loss is recorded once.
  let recorded: (@escaping (Tensor, Tensor) throws -> Tensor) -> (Tensor, Tensor) throws -> Float
  /// The refusal of a step with a batch, with the largest batch that would have fit; the last argument
  /// is the loss of a batch.
  let naming: (MemoryRefusal, Int, (Int) throws -> Tensor) throws -> MemoryRefusal

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
    self =
      switch name {
      case "sgd": AnyOptimizer(SGD(momentum: 0.9), model, learningRate)
      case "adamw": AnyOptimizer(AdamW(), model, learningRate)
      case "rmsprop": AnyOptimizer(RMSProp(), model, learningRate)
      default: AnyOptimizer(Adam(), model, learningRate)
      }
  }

  private init(_ rule: some UpdateRule, _ model: some Module, _ learningRate: Double) {
    let optimizer = Optimizer(rule, for: model, learningRate: learningRate)
    step = { try optimizer.tryStep(minimizing: $0) }
    recorded = { loss in
      let step = TrainingStep(optimizer, loss)
      return { images, labels in try step(images, labels) }
    }
    naming = { try optimizer.naming($0, of: $1, $2) }
  }
}
