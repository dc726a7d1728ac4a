import FoveaTensor

/// How parameters move in one step, recorded once for all that move alike.
struct Movements {
  private var formulas: [Kind: Formula?] = [:]

  private struct Kind: Hashable {
    let type: TensorType
    let decay: WeightDecay
  }

  /// The next values of `state`, a parameter and what the rule remembers of it.
  mutating func next(
    _ state: [Tensor], along gradient: Tensor, rule: some UpdateRule, decay: WeightDecay,
    step: Tensor, rate: Tensor
  ) -> [Tensor] {
    /// The same of `gradient, step, rate` and the state in one list.
    func record(_ operands: [Tensor]) -> [Tensor] {
      let (step, rate, w) = (operands[1], operands[2], operands[3])
      var g = operands[0]
      var memory = Array(operands[4...])
      if case .inGradient(let strength) = decay, strength != 0 { g = g + strength * w }
      var u = rule.update(g, memory: &memory, step: step)
      if case .besideRule(let strength) = decay, strength != 0 { u = u + strength * w }
      return [w - rate * u] + memory
    }
    let operands = [gradient, step, rate] + state
    let kind = Kind(type: state[0].type, decay: decay)
    return Tensor.trapping(file: #fileID, line: #line) { () throws(ShapeError) in
      if formulas[kind] == nil {
        formulas[kind] = .some(try Formula(of: operands.map(\.type), record))
      }
      // A rule that draws random numbers, say, is recorded anew each time.
      guard let formula = formulas[kind]! else { return record(operands) }
      return try Tensor.recordingAll(formula, operands)
    }
  }
}
