/// Normalises every group of channels of `[N, C, …]` over its channels and all pixels, each image by
/// itself. With as many groups as channels, this is instance normalisation.
///
/// Operands: the image, and scale and shift `[C]`. Results: `y`, and mean and variance `[N, groups]`.
///
/// Wu, He. *Group normalization*, 2018. Ulyanov, Vedaldi, Lempitsky. *Instance normalization: the
/// missing ingredient for fast stylization*, 2016.
package struct GroupNormalization: Normalization {
  package typealias Gradient = GroupNormalizationGradient

  package let groups: Int
  package let epsilon: Double

  package init(groups: Int, epsilon: Double) {
    self.groups = groups
    self.epsilon = epsilon
  }

  package func check(_ x: Shape) throws(ShapeError) {
    try expectChannels(x)
    guard groups >= 1, x[1] % groups == 0 else {
      throw ShapeError(name, "\(x) has \(x[1]) channels, which \(groups) groups do not divide")
    }
  }

  package func view(of x: Shape) -> NormalizationView {
    NormalizationView(
      batch: x[0], groups: groups, members: x[1] / groups, pixels: x.pixelsPerChannel,
      sharesStatistics: false)
  }

  package func statisticShape(of x: Shape) -> Shape { [x[0], groups] }

  package func parameterShape(of x: Shape) -> Shape { [x[1]] }
}
