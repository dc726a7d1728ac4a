/// How a pixel of a resized image follows from those around its position in the original.
public enum ResizeMethod: Hashable, Sendable {
  /// The pixel at `⌊i · size / output⌋`, whatever the coordinates.
  case nearest
  /// The pixel at `⌊(i + ½) · size / output⌋`, whatever the coordinates.
  case nearestExact
  /// The pixel at the position that the coordinates give, rounded.
  case rounded(ResizeRounding)
  /// On a straight line between the two neighbours, on every axis.
  case linear
  /// On a cubic through the four neighbours, on every axis.
  ///
  /// Keys. *Cubic convolution interpolation for digital image processing*, 1981.
  case cubic(coefficient: Double = -0.75)
}

/// Which whole number stands for a position between two.
public enum ResizeRounding: UInt8, Hashable, Sendable, CaseIterable {
  case down, up, halfDown, halfUp
}

/// Where pixel `i` of a resized image lies in the original.
public enum ResizeCoordinates: UInt8, Hashable, Sendable, CaseIterable {
  /// Pixels are areas, and the areas of the images coincide: `(i + ½) · size / output − ½`.
  case halfPixel
  /// Pixels are points, and those at the corners coincide: `i · (size − 1) / (output − 1)`.
  case alignCorners
  /// Only the first corners coincide: `i · size / output`.
  case asymmetric
}
