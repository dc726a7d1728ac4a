import FoveaTensor

/// What becomes of the losses of single samples or numbers.
public enum LossReduction: Hashable, Sendable {
  /// Their mean.
  case mean
  case sum
  /// They stay as they are.
  case none
}

extension Tensor {
  func reduced(_ reduction: LossReduction, _ file: StaticString, _ line: UInt) -> Tensor {
    switch reduction {
    case .mean: mean(file: file, line: line)
    case .sum: sum(file: file, line: line)
    case .none: self
    }
  }

  /// Refuses a target of another type, which broadcasting would only hide.
  func expectSameType(
    as target: Tensor, _ loss: String, _ file: StaticString, _ line: UInt
  ) {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      guard type == target.type, elementType.isFloatingPoint else {
        throw ShapeError(
          loss,
          "takes a prediction and a target of one floating-point type, got \(type) and "
            + "\(target.type)")
      }
    }
  }
}
