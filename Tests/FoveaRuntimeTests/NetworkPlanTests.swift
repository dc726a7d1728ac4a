import FoveaNN
import FoveaTensor
import FoveaZoo
import Testing

@testable import FoveaRuntime

/// Plans of whole networks: nothing in them may be computed by its slow meaning.
@Suite struct NetworkPlanTests {
  @Test(arguments: Zoo.entries) func inferenceHasNoFallback(_ entry: ZooEntry) throws {
    let model = withSeed(1) { entry.make() }
    let x = Tensor(repeating: 0.5, shape: Shape([2] + entry.input.extents))
    #expect(try Engine.fallbacks(results: [model(x).softmax()]) == [])
  }

  @Test(arguments: Zoo.entries) func trainingHasNoFallback(_ entry: ZooEntry) throws {
    let step = Self.trainingStep(of: entry)
    #expect(try Engine.fallbacks(results: [step.loss], updates: step.updates) == [])
  }

  /// A step of plain gradient descent, with the running statistics.
  static func trainingStep(
    of entry: ZooEntry
  ) -> (loss: Tensor, updates: [(state: Tensor, next: Tensor)]) {
    let model = withSeed(1) { entry.make() }
    let leaves = Dictionary(
      uniqueKeysWithValues: model.parameters.map { (ObjectIdentifier($0), $0.tensor) })
    let x = Tensor(repeating: 0.5, shape: Shape([2] + entry.input.extents))
    let labels = Tensor([1, 3], shape: [2], as: .int32)
    let loss = withMode(.training) { crossEntropy(model(x), labels) }
    let trainable = model.parameters.filter(\.isTrainable)
    let found = gradients(of: loss, withRespectTo: trainable.map(\.tensor))
    let rate = Tensor(0.1)
    var updates = zip(trainable, found).map { (state: $0.tensor, next: $0.tensor - rate * $1) }
    for cell in model.parameters {
      if let pending = cell.pending { updates.append((leaves[ObjectIdentifier(cell)]!, pending)) }
    }
    return (loss, updates)
  }
}
