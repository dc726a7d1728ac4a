package import FoveaTensor

/// `x = q · step`: bytes as the real numbers they mean.
package struct Dequantize: SingleResultOperator {
  package let scale: ByteScale

  package init(_ scale: ByteScale) { self.scale = scale }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    try scale.check(name)
    guard operands[0].elementType == scale.elementType else {
      throw ShapeError(name, "takes \(scale.elementType), got \(operands[0])")
    }
    return operands[0].with(.float32)
  }

  package func evaluate(_ operands: [HostArray], into result: inout HostArray) {
    result.scalars = operands[0].scalars.map { $0 * Double(scale.step) }
  }
}
