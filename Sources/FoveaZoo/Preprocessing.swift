/// How a picture becomes the input of a network.
public struct Preprocessing: Hashable, Sendable, Codable {
  /// How a picture of any size fills the input.
  public enum Fit: Hashable, Sendable, Codable {
    /// Resized until its shorter side has so many pixels, then the middle is cut out.
    case cropped(shorterSide: Int)
    /// Resized to the size of the input, whatever becomes of its proportions.
    case stretched
  }

  /// Which channels there are, and in which order.
  public enum Channels: String, Hashable, Sendable, Codable {
    case rgb, bgr, gray
  }

  public var height: Int
  public var width: Int
  public var fit: Fit
  public var channels: Channels
  /// What is subtracted from values from 0 to 1, by channel.
  public var mean: [Float]
  /// What the difference is divided by, by channel.
  public var deviation: [Float]

  public init(
    height: Int, width: Int, fit: Fit, channels: Channels, mean: [Float], deviation: [Float]
  ) {
    self.height = height
    self.width = width
    self.fit = fit
    self.channels = channels
    self.mean = mean
    self.deviation = deviation
  }

  /// What torchvision's ImageNet weights were trained with: the middle 224 of 256 pixels, resized
  /// with bilinear antialiasing, each channel brought to mean 0 and variance 1.
  public static let imageNet = Preprocessing(
    height: 224, width: 224, fit: .cropped(shorterSide: 256), channels: .rgb,
    mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])
}
