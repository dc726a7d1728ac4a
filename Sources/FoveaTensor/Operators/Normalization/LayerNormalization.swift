/// Normalises over the last axes, whatever is before them by itself.
///
/// Operands: `x`, and scale and shift of the extents of those axes. Results: `y`, and mean and
/// variance of the extents before them.
///
/// Ba, Kiros, Hinton. *Layer normalization*, 2016.
package struct LayerNormalization: Normalization {
  package typealias Gradient = LayerNormalizationGradient

  /// How many axes, counted from the end.
  package let axes: Int
  package let epsilon: Double

  package init(axes: Int, epsilon: Double) {
    self.axes = axes
    self.epsilon = epsilon
  }

  package func check(_ x: Shape) throws(ShapeError) {
    guard axes >= 1, axes <= x.rank else {
      throw ShapeError(
        name, "normalises over the last 1 to \(x.rank) axes of \(x), not over \(axes)")
    }
  }

  package func view(of x: Shape) -> NormalizationView {
    let members = parameterShape(of: x).count
    return NormalizationView(
      batch: x.count / members, groups: 1, members: members, pixels: 1, sharesStatistics: false)
  }

  package func statisticShape(of x: Shape) -> Shape { Shape(x.extents.dropLast(axes)) }

  package func parameterShape(of x: Shape) -> Shape { Shape(x.extents.suffix(axes)) }
}
