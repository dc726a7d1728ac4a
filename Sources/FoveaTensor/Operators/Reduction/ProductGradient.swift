/// The gradient of a product along axes, also where factors are zero.
package enum ProductGradient {
  /// For every element, the product of the others times `g`.
  ///
  /// Dividing the product by the element fails at zero. Instead: where no factor is zero, divide;
  /// where exactly one is, its gradient is the product of the rest; where more are, all are zero.
  static func of(_ x: Tensor, _ g: Tensor, axes: [Int]) throws(ShapeError) -> Tensor {
    let zero = x.equal(x.constant(0.0)).cast(to: x.elementType)
    let zeros = zero.sum(axes: axes, keepsAxes: true)
    let filled = x + zero
    let product = filled.product(axes: axes, keepsAxes: true)
    let none = zeros.equal(zeros.constant(0.0)).cast(to: x.elementType)
    let one = zeros.equal(zeros.constant(1.0)).cast(to: x.elementType)
    return g * product / filled * (none + one * zero)
  }
}
