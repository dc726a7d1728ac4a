import FoveaNN
public import FoveaTensor

extension Optimizer {
  /// Differentiates `loss`, moves the parameters, and gives the loss; all of it is one plan.
  ///
  /// What was read from a parameter before stays what it was.
  @discardableResult
  public func step(
    minimizing loss: consuming Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Float {
    do {
      return try tryStep(minimizing: loss)
    } catch {
      fatalError("\(error)", file: file, line: line)
    }
  }

  /// The same; throws when the loss cannot be differentiated or the step cannot be computed, and
  /// then leaves everything as it was before the loss was recorded.
  @discardableResult
  public func tryStep(minimizing loss: consuming Tensor) throws -> Float {
    let moving = isMoving
    let changes: [StateChange]
    do {
      changes = try recordChanges(minimizing: loss, moving: moving)
    } catch {
      forgetPending()
      throw error
    }
    // Nobody but the engine holds the graph any more, nor for its sake the old weights.
    let value = try StateChange.compute(consume changes, results: [consume loss])[0].scalars[0]
    count(moving: moving)
    return Float(value)
  }

  /// The same with a loss that may refuse to be recorded.
  func tryStep(recording loss: () throws -> Tensor) throws -> Float {
    let objective: Tensor
    do {
      objective = try loss()
    } catch {
      forgetPending()
      throw error
    }
    return try tryStep(minimizing: consume objective)
  }

  /// Whether the next step moves the parameters, and does not only wait for more gradients.
  var isMoving: Bool { accumulatedCount + 1 == accumulation }

  /// Counts a step that was computed.
  func count(moving: Bool) {
    accumulatedCount = moving ? 0 : accumulatedCount + 1
    if moving { stepCount += 1 }
  }

  /// The running statistics of a refused batch must not stay behind.
  func forgetPending() {
    for parameter in cells + slots.map(\.parameter) { parameter.forgetPending() }
  }

  /// A number of the next step, as a leaf.
  func leaf(_ key: StepNumbers.Key) -> Tensor {
    let value =
      switch key.meaning {
      case .count: Double(stepCount + 1)
      case .rate(let factor): learningRate * factor
      }
    return Tensor([value], shape: [], as: key.elementType)
  }

  /// The next value of everything this step changes.
  func recordChanges(
    minimizing loss: Tensor, moving: Bool
  ) throws(ShapeError) -> [StateChange] {
    var numbers = StepNumbers()
    return try recordChanges(minimizing: loss, moving: moving, numbers: &numbers)
  }

  /// The same.
  ///
  /// - Parameter numbers: receives the leaves that change from step to step.
  func recordChanges(
    minimizing loss: Tensor, moving: Bool, numbers: inout StepNumbers
  ) throws(ShapeError) -> [StateChange] {
    var changes: [StateChange] = []
    let tensors = slots.map(\.parameter.tensor)
    var gradients = try gradients(of: loss, withRespectTo: tensors)
    if accumulation > 1 {
      for (index, sum) in sums.enumerated() {
        gradients[index] = sum.tensor + gradients[index] * (1 / Double(accumulation))
        let next = moving ? Tensor(repeating: 0, like: sum.type) : gradients[index]
        changes.append(StateChange(sum, becomes: next))
      }
    }
    if moving {
      changes += movements(
        of: tensors, along: clipping?.apply(to: gradients) ?? gradients, &numbers)
    }
    for cell in cells {
      if let pending = cell.pending { changes.append(StateChange(cell, becomes: pending)) }
    }
    return changes
  }

  /// The next values of the parameters and of what the rule remembers.
  private func movements(
    of tensors: [Tensor], along gradients: [Tensor], _ numbers: inout StepNumbers
  ) -> [StateChange] {
    var changes: [StateChange] = []
    for (index, slot) in slots.enumerated() {
      let elementType = slot.parameter.type.elementType
      let cells = [slot.parameter] + memories[index]
      let next = movements.next(
        [tensors[index]] + memories[index].map(\.tensor), along: gradients[index],
        rule: rule, decay: slot.decay, step: numbers.leaf(.count, elementType, self),
        rate: numbers.leaf(.rate(factor: slot.rateFactor), elementType, self))
      changes += zip(cells, next).map { StateChange($0, becomes: $1) }
    }
    return changes
  }

  /// The gradients, or a refusal that names the parameters which have none.
  private func gradients(
    of loss: Tensor, withRespectTo tensors: [Tensor]
  ) throws(ShapeError) -> [Tensor] {
    guard loss.shape.count == 1, loss.elementType.isFloatingPoint else {
      throw ShapeError(
        "step",
        "takes a loss of one floating-point number, got \(loss.type); reduce it first, for "
          + "example with mean()")
    }
    let one = Tensor(repeating: 1, like: loss.type)
    let found = try pullback(of: [loss], cotangents: [one], to: tensors)
    let strangers = zip(slots, found).filter { $0.1 == nil }.map(\.0.name)
    guard strangers.isEmpty else {
      let named = strangers.prefix(5).joined(separator: ", ")
      throw ShapeError(
        "step",
        "the loss does not depend on \(strangers.count) of \(slots.count) parameters: "
          + named + (strangers.count > 5 ? ", …" : "")
          + "; was it recorded before they moved? Otherwise train the others with `updating:`")
    }
    return found.compactMap { $0 }
  }
}

extension Tensor {
  fileprivate init(repeating value: Double, like type: TensorType) {
    self.init(repeating: value, shape: type.shape, as: type.elementType)
  }
}
