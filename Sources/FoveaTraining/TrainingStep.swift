import FoveaNN
import FoveaRuntime
public import FoveaTensor

/// A training step that is recorded once for a kind of batch, and from then on only computed.
///
/// ```swift
/// let optimizer = Optimizer(SGD(momentum: 0.9), for: model, learningRate: 0.05)
/// let step = TrainingStep(optimizer) { images, labels in crossEntropy(model(images), labels) }
/// for batch in batches { print(try step(batch.images, batch.labels)) }
/// ```
///
/// It is `optimizer.tryStep(minimizing:)` in training mode, to the bit. For a small network, saying
/// a step anew takes a good part of the time it takes to compute it.
///
/// The loss is asked once for every kind of batch, so it does not look at numbers, and what changes
/// from step to step is one of its operands or a parameter of the optimizer's model. A loss that
/// holds other numbers, such as those of dropout or of a second network, is recorded anew each time.
public final class TrainingStep<Rule: UpdateRule> {
  public let optimizer: Optimizer<Rule>
  private let loss: ([Tensor]) throws -> Tensor
  /// The steps by what they depend on; `nil` for those that must be recorded anew.
  private var known: [Kind: RecordedStep?] = [:]

  /// The kinds of steps that are remembered.
  private static var mostKinds: Int { 16 }

  private struct Kind: Hashable {
    let types: [TensorType]
    let isMoving: Bool
    let clipping: GradientClipping?
  }

  /// A step whose batches are images and labels, or any two tensors.
  public convenience init(
    _ optimizer: Optimizer<Rule>, _ loss: @escaping (Tensor, Tensor) throws -> Tensor
  ) {
    self.init(optimizer, count: 2) { batch in try loss(batch[0], batch[1]) }
  }

  /// A step whose batches are as many tensors as it is called with.
  public convenience init(
    _ optimizer: Optimizer<Rule>, ofMany loss: @escaping ([Tensor]) throws -> Tensor
  ) {
    self.init(optimizer, count: nil, loss)
  }

  private init(
    _ optimizer: Optimizer<Rule>, count: Int?, _ loss: @escaping ([Tensor]) throws -> Tensor
  ) {
    self.optimizer = optimizer
    self.loss = { batch in
      if let count, batch.count != count {
        throw ShapeError("step", "takes \(count) tensors, got \(batch.count)")
      }
      return try loss(batch)
    }
  }

  /// Moves the parameters by a batch, and gives its loss; when this throws, nothing has changed.
  @discardableResult
  public func callAsFunction(_ batch: Tensor...) throws -> Float {
    let batch = try batch.map { try $0.tryDetached() }
    return try withMode(.training) { try step(batch) }
  }

  private func step(_ batch: [Tensor]) throws -> Float {
    let kind = Kind(
      types: batch.map(\.type), isMoving: optimizer.isMoving, clipping: optimizer.clipping)
    // What was assigned and waits to be computed is part of the next step, and of no other.
    let isAsKept = optimizer.allCells.allSatisfy { $0.pending == nil }
    if isAsKept, let step = known[kind] {
      if let step { return try step.compute(batch, optimizer) }
    } else if isAsKept {
      let step = try RecordedStep(batch.map(\.type), optimizer, loss)
      if known.count >= Self.mostKinds { known.removeAll() }
      known[kind] = .some(step.isRepeatable ? step : nil)
      return try step.compute(batch, optimizer)
    }
    return try optimizer.tryStep(recording: { try loss(batch) })
  }
}
