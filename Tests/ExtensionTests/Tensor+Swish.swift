import Fovea

extension Tensor {
  /// `x · sigmoid(slope · x)`.
  func swish(
    slope: Double = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(Swish(slope: slope), self, file: file, line: line)
  }
}
