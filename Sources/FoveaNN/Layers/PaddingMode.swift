import FoveaTensor

/// What a convolution finds beyond the border of its image.
public enum PaddingMode: String, Hashable, Sendable {
  case zeros, reflect, replicate, circular

  /// What the image is padded with first; `nil` where the convolution does it.
  var surroundings: Surroundings? {
    switch self {
    case .zeros: nil
    case .reflect: .reflection
    case .replicate: .edge
    case .circular: .repetition
    }
  }
}
