extension Tensor {
  /// Products summed over axes, in Einstein's notation: equal letters are one axis, and what the
  /// result does not name is summed over; three dots stand for axes that broadcast.
  ///
  ///     Tensor.einsum("bij,bjk->bik", [x, y])   // products of matrices
  ///     Tensor.einsum("ii->", [x])              // a trace
  public static func einsum(
    _ equation: String, _ operands: [Tensor], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    trapping(file: file, line: line) { () throws(ShapeError) in
      try recordingEinsum(equation, operands)
    }
  }

  package static func recordingEinsum(
    _ text: String, _ operands: [Tensor]
  ) throws(ShapeError) -> Tensor {
    guard !operands.isEmpty else {
      throw ShapeError("einsum", "takes at least one operand, got none")
    }
    let equation = try EinsumEquation(text)
    guard equation.operands.count == operands.count else {
      throw ShapeError(
        "einsum", "“\(text)” speaks of \(equation.operands.count) operand(s), got \(operands.count)"
      )
    }
    var labelled: [LabelledTensor] = []
    for (place, (axes, tensor)) in zip(equation.operands, operands).enumerated() {
      labelled.append(try LabelledTensor(tensor, axes, operand: place + 1))
    }
    try LabelledTensor.expectEqualExtents(labelled)
    var product = labelled.removeFirst()
    while !labelled.isEmpty {
      let next = labelled.removeFirst()
      let later = labelled.flatMap(\.axes)
      product = try product.times(next) { axis in
        later.contains(axis) || equation.keeps(axis)
      }
    }
    return try product.arranged(equation.result)
  }
}

extension EinsumEquation {
  fileprivate func keeps(_ axis: LabelledTensor.Axis) -> Bool {
    switch axis {
    case .letter(let letter): result.contains(letter)
    case .dots: result.contains(nil)
    }
  }
}
