package import FoveaTensor

/// Turns recorded graphs into numbers: the one edge between what is said and what is computed.
package enum Engine {
  /// Computes `results`, and the next value of every state in `updates`.
  ///
  /// - Parameters:
  ///   - results: tensors a person or program looks at; they come back plain.
  ///   - updates: leaves that hold a state and the tensors that replace them; the new values may
  ///     stay in whatever layout suits the plan.
  /// - Returns: values in the order of `results` and `updates`.
  package static func run(
    results: [Tensor], updates: [(state: Tensor, next: Tensor)] = []
  ) throws -> (results: [PlainValue], updates: [any StoredValue]) {
    let values = Interpreter.evaluate(results + updates.map(\.next)).map(PlainValue.init)
    return (Array(values[..<results.count]), Array(values[results.count...]))
  }
}
