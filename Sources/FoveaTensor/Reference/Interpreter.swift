/// Computes a recorded graph node by node with each operator's own meaning.
package enum Interpreter {
  /// The values of `tensors`.
  ///
  /// - Parameter replacements: values to use for leaves instead of their own, by node.
  package static func evaluate(
    _ tensors: [Tensor], replacing replacements: [ObjectIdentifier: HostArray] = [:]
  ) -> [HostArray] {
    var values: [ObjectIdentifier: [HostArray]] = [:]
    for node in topologicalOrder(of: tensors.map(\.node)) {
      if let replacement = replacements[node.id] {
        values[node.id] = [replacement]
      } else if let operation = node.operation {
        let operands = node.operands.map { values[$0.node.id]![$0.index] }
        values[node.id] = results(of: operation, operands, types: node.types)
      } else {
        values[node.id] = [node.values![0].plain().hostArray]
      }
    }
    return tensors.map { values[$0.node.id]![$0.index] }
  }

  /// What one operator gives, rounded to the element types of its results.
  package static func results(
    of operation: any Operator, _ operands: [HostArray], types: [TensorType]
  ) -> [HostArray] {
    var results = types.map(HostArray.init(zeros:))
    operation.evaluate(operands, into: &results)
    for index in results.indices { results[index].roundToElementType() }
    return results
  }
}
