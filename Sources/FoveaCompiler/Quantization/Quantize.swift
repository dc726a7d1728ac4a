package import FoveaTensor

/// `q = saturate(round(x / step))`: real numbers as bytes.
package struct Quantize: SingleResultOperator {
  package let scale: ByteScale

  package init(_ scale: ByteScale) { self.scale = scale }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    try scale.check(name)
    guard operands[0].elementType == .float32 else {
      throw ShapeError(name, "takes float32, got \(operands[0])")
    }
    return operands[0].with(scale.elementType)
  }

  package func evaluate(_ operands: [HostArray], into result: inout HostArray) {
    // One product of two numbers of 24 bits, rounded once: the same everywhere.
    let factor = Double(1 / scale.step)
    result.scalars = operands[0].scalars.map { scale.whole(Double(Float($0 * factor))) }
  }
}
