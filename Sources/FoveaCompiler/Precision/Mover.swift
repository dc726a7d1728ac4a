import FoveaTensor

/// An operator that moves numbers or chooses among them, or averages few of them: it may as well do
/// so with fewer bits.
protocol Mover: Operator {
  /// Whether it does so to operands of these types.
  func moves(_ operands: [TensorType]) -> Bool
}

extension Mover {
  func moves(_ operands: [TensorType]) -> Bool { true }
}

extension Concatenate: Mover {}
extension Pad: Mover {}
extension Reshape: Mover {}
extension Reverse: Mover {}
extension Slice: Mover {}
extension SliceGradient: Mover {}
extension Transpose: Mover {}
extension AveragePool: Mover {}
extension AveragePoolGradient: Mover {}
extension MaxPool: Mover {}

extension PoolScatter: Mover {
  /// Where windows do not overlap nothing is added; sums of a few are like those of an average.
  func moves(_ operands: [TensorType]) -> Bool { collisions == .add }
}

extension Reduction: Mover {
  /// A mean over planes is an average pool of one window.
  func moves(_ operands: [TensorType]) -> Bool {
    let rank = operands[0].rank
    return function == .mean && rank > 2
      && Set(axes.map { $0 < 0 ? $0 + rank : $0 }) == Set(2..<rank)
  }
}
