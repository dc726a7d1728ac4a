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

  package func check(_ x: Shape) throws(ShapeError) { try expectChannels(x) }

  package func view(of x: Shape) -> NormalizationView {
    NormalizationView(
      batch: x[0], groups: x[1], members: 1, pixels: x.pixelsPerChannel, sharesStatistics: true)
  }

  package func statisticShape(of x: Shape) -> Shape { [x[1]] }

  package func parameterShape(of x: Shape) -> Shape { [x[1]] }
}

extension Shape {
  /// The elements of one channel of one image of a batch `[N, C, …]`.
  var pixelsPerChannel: Int { count / (self[0] * self[1]) }
}

extension Operator {
  func expectChannels(_ x: Shape) throws(ShapeError) {
    guard x.rank >= 2 else { throw ShapeError(name, "takes a batch [N, C, …], got \(x)") }
  }
}
