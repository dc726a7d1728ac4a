import FoveaTensor
import FoveaTestSupport

/// Operands of tests of the fast path, in the layouts a network would hand them over in.
enum Images {
  enum Form: CaseIterable {
    /// A leaf, which is row-major.
    case plain
    /// The result of a convolution, which is in blocks of channels.
    case blocked
  }

  /// Small whole numbers, of which every sum and product is exact.
  static func integers(_ shape: Shape, _ seed: String) -> Tensor {
    var random = TestRandom(seed: seed)
    return Tensor((0..<shape.count).map { _ in Float(Int(random.next() % 9)) - 4 }, shape: shape)
  }

  static func numbers(_ shape: Shape, _ seed: String) -> Tensor {
    var random = TestRandom(seed: seed)
    return Tensor(
      (0..<shape.count).map { _ in Float(random.uniform(-2...2)) }, shape: shape)
  }

  /// `image` after a convolution that leaves it what it is, if it is to lie in blocks.
  static func form(_ image: Tensor, _ form: Form) -> Tensor {
    guard form == .blocked else { return image }
    let channels = image.shape[1]
    var identity = [Float](repeating: 0, count: channels * channels)
    for channel in 0..<channels { identity[channel * channels + channel] = 1 }
    let shape = Shape([channels, channels] + [Int](repeating: 1, count: image.rank - 2))
    return image.convolved(with: Tensor(identity, shape: shape))
  }
}
