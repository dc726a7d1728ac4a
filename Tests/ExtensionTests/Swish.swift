import Foundation
import Fovea

/// `y = x · σ(slope · x)`.
///
/// Ramachandran, Zoph, Le. *Searching for activation functions*, 2017.
struct Swish: SingleResultOperator {
  let slope: Double

  func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    try expectFloatingPoint(operands)
    guard slope.isFinite else {
      throw ShapeError(name, "the slope must be a finite number, got \(slope)")
    }
    return operands[0]
  }

  func evaluate(_ operands: [HostArray], into y: inout HostArray) {
    for (index, x) in operands[0].scalars.enumerated() {
      y.scalars[index] = x / (1 + exp(-slope * x))
    }
  }

  func gradients(
    _ g: Tensor, operands: [Tensor], result y: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    let s = (operands[0] * slope).sigmoid()
    return [g * (s + y * slope * (1 - s))]
  }
}
