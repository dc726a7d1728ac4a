extension Preprocessing {
  /// Values from −1 to 1, as the weights of MobileNet's authors expect them.
  static let aroundZero = Preprocessing(
    height: 224, width: 224, fit: .cropped(shorterSide: 256), channels: .rgb,
    mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5])

  /// Small colour pictures, with the statistics of ImageNet, as Idelbayev's weights expect them.
  static let cifar = Preprocessing(
    height: 32, width: 32, fit: .stretched, channels: .rgb, mean: imageNet.mean,
    deviation: imageNet.deviation)

  /// Ink 1 on paper 0.
  static let digit = Preprocessing(
    height: 28, width: 28, fit: .stretched, channels: .gray, mean: [0], deviation: [1])

  /// Ink 1.175 on paper −0.1, so that the mean of a digit is about 0 and its variance 1.
  static let digitOf1998 = Preprocessing(
    height: 32, width: 32, fit: .stretched, channels: .gray, mean: [0.1 / 1.275],
    deviation: [1 / 1.275])
}
