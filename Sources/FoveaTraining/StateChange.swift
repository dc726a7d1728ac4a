public import FoveaNN
import FoveaRuntime
import FoveaTensor

/// A cell and what it is about to hold.
struct StateChange {
  let cell: Parameter
  let next: Tensor

  init(_ cell: Parameter, becomes next: Tensor) {
    self.cell = cell
    self.next = next
  }

  /// Computes `results` and all changes as one plan; when this throws, nothing has changed.
  ///
  /// The cells lend their leaves, and the graph is owned by the engine alone: it may let go of both
  /// and write new values over old ones, unless somebody else still holds an old one.
  static func compute(
    _ changes: consuming [StateChange], results: consuming [Tensor]
  ) throws -> [PlainValue] {
    let cells = changes.map(\.cell)
    var updates: [StateUpdate] = []
    do {
      for change in changes {
        updates.append(StateUpdate(try change.cell.lend(), becomes: change.next))
      }
      changes = []
      let values = try Engine.run(results: consume results, updates: updates)
      for (cell, value) in zip(cells, values.updates) { cell.keep(Tensor(value, role: .state)) }
      return values.results
    } catch {
      for (cell, update) in zip(cells, updates) { cell.keep(update.state) }
      throw error
    }
  }
}

extension Module {
  /// Computes what the model assigned to its state while it was recorded, such as running
  /// statistics, where no optimizer's step does.
  ///
  /// ```swift
  /// withMode(.training) {
  ///   for batch in batches {
  ///     _ = model(batch)
  ///     model.computeState()
  ///   }
  /// }
  /// ```
  public func computeState(file: StaticString = #fileID, line: UInt = #line) {
    let changes = parameters.compactMap { cell in
      cell.pending.map { StateChange(cell, becomes: $0) }
    }
    do {
      _ = try StateChange.compute(changes, results: [])
    } catch {
      fatalError("\(error)", file: file, line: line)
    }
  }
}
