public import FoveaNN
public import FoveaTensor

extension Optimizer {
  /// Everything the optimizer remembers, by name, for a checkpoint: `step`, and names such as
  /// `layer1.0.conv1.weight.exp_avg`.
  ///
  /// The learning rate is not part of it: it follows from the step.
  public var state: [String: Tensor] {
    var state = cells(of: memories, sums).weights
    state["step"] = Tensor([Double(stepCount)], shape: [], as: .int64)
    if accumulation > 1 {
      state["accumulated"] = Tensor([Double(accumulatedCount)], shape: [], as: .int64)
    }
    return state
  }

  /// Takes over a saved state, all of it or nothing.
  public func load(_ state: [String: Tensor]) throws(WeightMismatch) {
    let step = Parameter(.zeros, shape: [], as: .int64, trainable: false)
    let accumulated = Parameter(.zeros, shape: [], as: .int64, trainable: false)
    var module = cells(of: memories, sums)
    module.parts.append(ModulePart("step", step))
    if accumulation > 1 { module.parts.append(ModulePart("accumulated", accumulated)) }
    try module.load(state)
    stepCount = step.count(atMost: 1 << 53)
    accumulatedCount = accumulated.count(atMost: accumulation - 1)
  }

  private func cells(of memories: [[Parameter]], _ sums: [Parameter]) -> OptimizerCells {
    var parts: [ModulePart] = []
    for (index, slot) in slots.enumerated() {
      for (memory, cell) in zip(rule.memory, memories[index]) {
        parts.append(ModulePart("\(slot.name).\(memory.name)", cell))
      }
      if !sums.isEmpty { parts.append(ModulePart("\(slot.name).gradient", sums[index])) }
    }
    return OptimizerCells(parts: parts)
  }
}

/// The cells of an optimizer, so that they are saved and loaded like those of a model.
private struct OptimizerCells: Module {
  var parts: [ModulePart]
}

extension Parameter {
  /// A count that was loaded; one that cannot be is the nearest that can.
  fileprivate func count(atMost largest: Int) -> Int {
    let value = tensor.value?.plain().scalars[0] ?? 0
    return Int(min(max(value, 0), Double(largest)))
  }
}
