/// What a picture may ask for at most; nothing is allocated before it is known to be within.
public struct PictureLimits: Hashable, Sendable {
  /// Pixels of one picture.
  public var pixels: Int
  /// Bytes of one file.
  public var bytes: Int

  /// Limits of your own.
  public init(pixels: Int = 100_000_000, bytes: Int = 1 << 30) {
    self.pixels = pixels
    self.bytes = bytes
  }
}
