/// A picture of 8-bit values, row by row from the top left, the channels of a pixel side by side.
public struct Picture: Hashable, Sendable {
  /// What a pixel holds.
  public enum Channels: Int, Hashable, Sendable {
    /// One value, its brightness.
    case gray = 1
    /// Red, green and blue.
    case rgb = 3
  }

  /// Pixels from left to right.
  public let width: Int
  /// Pixels from top to bottom.
  public let height: Int
  /// What a pixel holds.
  public let channels: Channels
  /// The values, `width * height * channels.rawValue` of them.
  public let values: [UInt8]

  /// A picture of these values, which must be as many as the size asks for.
  public init(width: Int, height: Int, channels: Channels, values: [UInt8]) {
    let count = width.multipliedReportingOverflow(by: height)
    guard width > 0, height > 0, !count.overflow, count.partialValue <= Int.max / 4,
      values.count == count.partialValue * channels.rawValue
    else {
      fatalError("a picture of \(width)×\(height) pixels cannot have \(values.count) values")
    }
    self.width = width
    self.height = height
    self.channels = channels
    self.values = values
  }

  /// The values of one pixel.
  public subscript(x: Int, y: Int) -> ArraySlice<UInt8> {
    let start = (y * width + x) * channels.rawValue
    return values[start..<start + channels.rawValue]
  }

  /// The picture in the given channels: brightness is 0.299 red + 0.587 green + 0.114 blue
  /// (ITU-R BT.601), and gray becomes three equal values.
  public func converted(to channels: Channels) -> Picture {
    if channels == self.channels { return self }
    let count = width * height
    var converted: [UInt8]
    switch channels {
    case .gray:
      converted = (0..<count).map { pixel in
        // Weights of 16 binary places that sum to exactly one.
        let sum =
          19_595 * UInt32(values[3 * pixel]) + 38_470 * UInt32(values[3 * pixel + 1])
          + 7_471 * UInt32(values[3 * pixel + 2])
        return UInt8((sum + 0x8000) >> 16)
      }
    case .rgb:
      converted = [UInt8](repeating: 0, count: 3 * count)
      for pixel in 0..<count {
        for channel in 0..<3 { converted[3 * pixel + channel] = values[pixel] }
      }
    }
    return Picture(width: width, height: height, channels: channels, values: converted)
  }
}

extension Picture: CustomStringConvertible {
  /// The size and the channels, as "480×360 rgb".
  public var description: String { "\(width)×\(height) \(channels)" }
}
