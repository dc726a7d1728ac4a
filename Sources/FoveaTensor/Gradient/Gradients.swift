/// The gradients of a scalar `objective`, as a graph: nothing is computed here.
///
/// Walks the recorded graph once from the objective down, asking each operator on a path to a
/// target for its rule. Subgraphs that reach no target are never visited, so freezing a layer is
/// simply not asking for its gradient. What comes out can be differentiated again.
///
/// Asking for the gradient of something the objective does not depend on is an error: in a recorded
/// graph it nearly always means a tensor that was recorded before a parameter moved.
public func gradients(
  of objective: Tensor, withRespectTo targets: [Tensor],
  file: StaticString = #fileID, line: UInt = #line
) -> [Tensor] {
  Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
    try recordingGradients(of: objective, withRespectTo: targets)
  }
}

/// The gradient with respect to one tensor; see ``gradients(of:withRespectTo:file:line:)``.
public func gradient(
  of objective: Tensor, withRespectTo target: Tensor,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  gradients(of: objective, withRespectTo: [target], file: file, line: line)[0]
}

/// The gradients, or the reason there are none. For importers and tools.
public func recordingGradients(
  of objective: Tensor, withRespectTo targets: [Tensor]
) throws(ShapeError) -> [Tensor] {
  guard objective.shape.count == 1 else {
    throw ShapeError(
      "gradients",
      "takes an objective of one element, got shape \(objective.shape); "
        + "reduce it first, for example with mean()")
  }
  guard objective.elementType.isFloatingPoint else {
    throw ShapeError("gradients", "takes a floating-point objective, got \(objective.type)")
  }
  let one = try Tensor.recording(Fill(1, objective.type), [])
  let found = try pullback(of: [objective], cotangents: [one], to: targets)
  var result: [Tensor] = []
  for (position, (target, gradient)) in zip(targets, found).enumerated() {
    guard let gradient else {
      throw ShapeError(
        "gradients",
        "the objective does not depend on target \(position + 1) of \(targets.count), "
          + "\(target.type); was it recorded before a parameter moved, or through an operator "
          + "without a gradient?")
    }
    result.append(gradient)
  }
  return result
}

/// The cotangents of `targets`, given those of `outputs`; `nil` for a target no output depends on.
///
/// - Parameter cutting: whether the walk ends at the targets, as when they are the operands of a
///   decomposed operator and may themselves depend on one another.
package func pullback(
  of outputs: [Tensor], cotangents seeds: [Tensor?], to targets: [Tensor], cutting: Bool = false
) throws(ShapeError) -> [Tensor?] {
  let wanted = Set(targets.map(\.node.id))
  let order = topologicalOrder(of: outputs.map(\.node), stoppingAt: cutting ? wanted : [])
  var reaching: Set<ObjectIdentifier> = []
  for node in order
  where wanted.contains(node.id)
    || (!(node.operation is any GradientBarrier)
      && node.operands.contains { reaching.contains($0.node.id) })
  {
    reaching.insert(node.id)
  }
  var found: [ObjectIdentifier: [Tensor?]] = [:]
  func add(_ cotangent: Tensor, to tensor: Tensor) throws(ShapeError) {
    var slots = found[tensor.node.id] ?? tensor.node.types.map { _ in nil }
    if let before = slots[tensor.index] {
      slots[tensor.index] = try Tensor.recording(Binary(.add), [before, cotangent])
    } else {
      slots[tensor.index] = cotangent
    }
    found[tensor.node.id] = slots
  }
  for (output, seed) in zip(outputs, seeds) where reaching.contains(output.node.id) {
    if let seed { try add(seed, to: output) }
  }
  for node in order.reversed() {
    guard reaching.contains(node.id), let slots = found[node.id], let operation = node.operation,
      !(cutting && wanted.contains(node.id)), !(operation is any GradientBarrier)
    else { continue }
    let results = node.types.indices.map { Tensor(node, $0) }
    // What a layer's gradient takes is that layer's, for drawings and timings.
    let contributions = try RecordingScope.recording(in: node.scope) { () throws(ShapeError) in
      try operation.gradients(slots, operands: node.operands, results: results)
    }
    // The walk distrusts rules, for anyone may write an operator.
    guard contributions.count == node.operands.count else {
      throw ShapeError(
        operation.name,
        "its gradient rule gave \(contributions.count) gradients for \(node.operands.count) operands"
      )
    }
    for (operand, contribution) in zip(node.operands, contributions) {
      guard let contribution, reaching.contains(operand.node.id) else { continue }
      guard contribution.type == operand.type else {
        throw ShapeError(
          operation.name,
          "its gradient rule gave \(contribution.type) for the operand \(operand.type)")
      }
      try add(contribution, to: operand)
    }
  }
  return targets.map { found[$0.node.id]?[$0.index] }
}

/// An operator no gradient passes through, on purpose.
package protocol GradientBarrier: Operator {}
