/// Normalises every channel of `[N, C, …]` over the batch and all pixels.
///
/// Operands: the image, and scale and shift `[C]`. Results: `y`, and mean and variance `[C]`.
///
/// Ioffe, Szegedy. *Batch normalization: accelerating deep network training by reducing internal
/// covariate shift*, 2015.
package struct BatchNormalization: Normalization {
  package typealias Gradient = BatchNormalizationGradient

  package let epsilon: Double

  package init(epsilon: Double) { self.epsilon = epsilon }

  package func view(of x: Shape) throws(ShapeError) -> NormalizationView {
    let pixels = try x.pixelsPerChannel(name)
    return NormalizationView(
      batch: x[0], groups: x[1], members: 1, pixels: pixels, sharesStatistics: true)
  }

  package func statisticShape(of x: Shape) -> Shape { [x[1]] }

  package func parameterShape(of x: Shape) -> Shape { [x[1]] }
}

extension Shape {
  /// The elements of one channel of one image of a batch `[N, C, …]`.
  func pixelsPerChannel(_ operation: String) throws(ShapeError) -> Int {
    guard rank >= 2 else {
      throw ShapeError(operation, "takes a batch [N, C, …], got \(self)")
    }
    return count / (self[0] * self[1])
  }
}
