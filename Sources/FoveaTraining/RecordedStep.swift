import FoveaNN
import FoveaRuntime
import FoveaTensor

/// A step of an optimizer without the numbers it was recorded with.
struct RecordedStep {
  private let recording: Recording
  /// What takes the place of each leaf that the step does not change.
  private let sources: [(place: Int, source: Source)]
  /// What it changes, and where that is among the leaves.
  private let changed: [(place: Int, cell: Parameter)]
  private let isMoving: Bool

  private enum Source {
    case operand(Int)
    case number(StepNumbers.Key)
    case cell(Parameter)
    /// A number of the loss itself.
    case own(Node)
  }

  /// Records the step for a batch of tensors of these types; when this throws, nothing has changed.
  init(
    _ types: [TensorType], _ optimizer: Optimizer<some UpdateRule>,
    _ loss: ([Tensor]) throws -> Tensor
  ) throws {
    let cells = optimizer.allCells.map { (cell: $0, leaf: $0.tensor) }
    let batch = types.map(Tensor.placeholder)
    var numbers = StepNumbers()
    let (objective, changes): (Tensor, [StateChange])
    do {
      objective = try loss(batch)
      changes = try optimizer.recordChanges(
        minimizing: objective, moving: optimizer.isMoving, numbers: &numbers)
    } catch {
      optimizer.forgetPending()
      throw error
    }
    let leaves = Dictionary(
      uniqueKeysWithValues: cells.map { (ObjectIdentifier($0.cell), $0.leaf) })
    let whole = Recording(
      results: [objective],
      updates: changes.map { (state: leaves[ObjectIdentifier($0.cell)]!, next: $0.next) })

    // All these nodes are alive: no two can be mistaken for each other.
    var sourceOf: [ObjectIdentifier: Source] = [:]
    for (index, operand) in batch.enumerated() { sourceOf[operand.node.id] = .operand(index) }
    for (key, leaf) in numbers.leaves { sourceOf[leaf.node.id] = .number(key) }
    for (cell, leaf) in cells { sourceOf[leaf.node.id] = .cell(cell) }
    changed = zip(whole.stateLeaves, changes).map { ($0, $1.cell) }
    let isChanged = Set(changed.map(\.place))
    sources = whole.leaves.enumerated().compactMap { place, leaf in
      isChanged.contains(place) ? nil : (place, sourceOf[leaf.id] ?? .own(leaf))
    }
    isMoving = optimizer.isMoving
    // Otherwise the weights of this moment would stay as long as the recording.
    recording = whole.withoutNumbers()
  }

  /// Whether all its numbers change only in ways that are followed.
  var isRepeatable: Bool {
    recording.isRepeatable
      && sources.allSatisfy { if case .own = $0.source { false } else { true } }
  }

  /// Moves the parameters, and gives the loss.
  func compute(_ batch: [Tensor], _ optimizer: Optimizer<some UpdateRule>) throws -> Float {
    var lent: [Tensor] = []
    lent.reserveCapacity(changed.count)
    do {
      var leaves = recording.leaves
      // What is only read comes first: two steps must not wait for what the other one changes.
      for (place, source) in sources {
        leaves[place] =
          switch source {
          case .operand(let index): batch[index].node
          case .number(let key): optimizer.leaf(key).node
          case .cell(let cell): try cell.tensor.tryDetached().node
          case .own(let node): node
          }
      }
      for (place, cell) in changed {
        let leaf = try cell.lend()
        lent.append(leaf)
        leaves[place] = leaf.node
      }
      let values = try recording.values(from: leaves)
      for ((_, cell), next) in zip(changed, values.updates) {
        cell.keep(Tensor(next, role: .state))
      }
      optimizer.count(moving: isMoving)
      return Float(values.results[0].scalars[0])
    } catch {
      for ((_, cell), leaf) in zip(changed, lent) { cell.keep(leaf) }
      optimizer.forgetPending()
      throw error
    }
  }
}
