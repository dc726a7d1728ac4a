import FoveaTensor

/// An operator that can compute some images of a batch without the others.
protocol Batchwise: Operator {
  /// The same for `count` images; `nil` where images depend on one another, or where it is not known
  /// that they do not.
  ///
  /// - Parameter operands: the operands for the whole batch, and which of them are batches.
  func rebatched(_ operands: [BatchOperand], to count: Int) -> (any Operator)?
}

/// An operand, and whether its first axis is that of the batch.
struct BatchOperand {
  let type: TensorType
  let isBatched: Bool
}

extension [BatchOperand] {
  /// Whether the first is a batch, as the last may be, and all between are weights.
  fileprivate var isImageThenWeights: Bool {
    self[0].isBatched && dropFirst().dropLast().allSatisfy { !$0.isBatched }
  }

  /// Whether broadcasting keeps images apart.
  fileprivate var broadcastsWithinImages: Bool {
    let rank = map(\.type.rank).max() ?? 0
    return allSatisfy {
      $0.isBatched ? $0.type.rank == rank : $0.type.rank < rank || $0.type.shape[0] == 1
    }
  }
}

extension Batchwise where Self: ElementwiseOperator {
  func rebatched(_ operands: [BatchOperand], to count: Int) -> (any Operator)? {
    operands.broadcastsWithinImages ? self : nil
  }
}

extension Unary: Batchwise {}
extension Binary: Batchwise {}
extension Comparison: Batchwise {}
extension Cast: Batchwise {}
extension Select: Batchwise {}
extension Logical: Batchwise {}
extension Clamp: Batchwise {}

extension ElementwiseChain: Batchwise {
  func rebatched(_ operands: [BatchOperand], to count: Int) -> (any Operator)? {
    // What is stretched knows the batch it is stretched to.
    let isFree = instructions.allSatisfy { $0.operation is any Batchwise }
    return isFree && operands.broadcastsWithinImages ? self : nil
  }
}

extension Convolution: Batchwise {
  func rebatched(_ operands: [BatchOperand], to count: Int) -> (any Operator)? {
    operands[0].isBatched && !operands[1].isBatched ? self : nil
  }
}

extension FusedConvolution: Batchwise {
  func rebatched(_ operands: [BatchOperand], to count: Int) -> (any Operator)? {
    operands.isImageThenWeights && operands[operands.count - 1].isBatched == hasResidual
      ? self : nil
  }
}

extension Quantize: Batchwise {
  func rebatched(_ operands: [BatchOperand], to count: Int) -> (any Operator)? { self }
}

extension Dequantize: Batchwise {
  func rebatched(_ operands: [BatchOperand], to count: Int) -> (any Operator)? { self }
}

extension QuantizedConvolution: Batchwise {
  func rebatched(_ operands: [BatchOperand], to count: Int) -> (any Operator)? {
    operands.isImageThenWeights && operands[operands.count - 1].isBatched == hasResidual
      ? self : nil
  }
}

extension SeparableBlock: Batchwise {
  func rebatched(_ operands: [BatchOperand], to count: Int) -> (any Operator)? {
    operands.isImageThenWeights
      && operands[operands.count - 1].isBatched == (project?.hasResidual ?? false) ? self : nil
  }
}

extension MaxPool: Batchwise {
  func rebatched(_ operands: [BatchOperand], to count: Int) -> (any Operator)? { self }
}

extension AveragePool: Batchwise {
  func rebatched(_ operands: [BatchOperand], to count: Int) -> (any Operator)? { self }
}

extension FrozenBatchNormalization: Batchwise {
  func rebatched(_ operands: [BatchOperand], to count: Int) -> (any Operator)? {
    operands.isImageThenWeights && !operands[operands.count - 1].isBatched ? self : nil
  }
}

extension LocalResponseNormalization: Batchwise {
  func rebatched(_ operands: [BatchOperand], to count: Int) -> (any Operator)? { self }
}

extension Concatenate: Batchwise {
  func rebatched(_ operands: [BatchOperand], to count: Int) -> (any Operator)? {
    let along = axis < 0 ? axis + operands[0].type.rank : axis
    return along > 0 && operands.allSatisfy(\.isBatched) ? self : nil
  }
}

extension Reshape: Batchwise {
  func rebatched(_ operands: [BatchOperand], to count: Int) -> (any Operator)? {
    guard target.rank > 0, target[0] == operands[0].type.shape[0] else { return nil }
    var part = target
    part[0] = count
    return Reshape(to: part)
  }
}

extension Reduction: Batchwise {
  func rebatched(_ operands: [BatchOperand], to count: Int) -> (any Operator)? {
    let rank = operands[0].type.rank
    return axes.allSatisfy { ($0 < 0 ? $0 + rank : $0) > 0 } ? self : nil
  }
}

extension Softmax: Batchwise {
  func rebatched(_ operands: [BatchOperand], to count: Int) -> (any Operator)? {
    axis != 0 && axis + operands[0].type.rank != 0 ? self : nil
  }
}

extension MatrixProduct: Batchwise {
  func rebatched(_ operands: [BatchOperand], to count: Int) -> (any Operator)? {
    operands[0].isBatched && operands[0].type.rank == 2 && !transposesLeft
      && !operands[1].isBatched ? self : nil
  }
}
