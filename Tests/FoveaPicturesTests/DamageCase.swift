import FoveaPictures

/// A file that cannot be read, and the sentence for it.
struct DamageCase: Sendable, CustomStringConvertible {
  let bytes: [UInt8]
  let kind: PictureError.Kind
  let reason: String

  var description: String { reason }

  init(_ bytes: [UInt8], _ kind: PictureError.Kind, _ reason: String) {
    self.bytes = bytes
    self.kind = kind
    self.reason = reason
  }

  init(_ bytes: [UInt8], _ reason: String) { self.init(bytes, .broken, reason) }

  /// The golden file with bytes replaced.
  init(
    _ name: String, at offset: Int, _ patch: [UInt8], _ kind: PictureError.Kind, _ reason: String
  ) {
    var bytes = PictureFile.named(name).bytes
    bytes.replaceSubrange(offset..<offset + patch.count, with: patch)
    self.init(bytes, kind, reason)
  }

  init(_ name: String, at offset: Int, _ patch: [UInt8], _ reason: String) {
    self.init(name, at: offset, patch, .broken, reason)
  }

  /// The first bytes of the golden file.
  init(_ name: String, first count: Int, _ reason: String) {
    self.init(Array(PictureFile.named(name).bytes.prefix(count)), .broken, reason)
  }

  private static func letters(_ text: String) -> [UInt8] { Array(text.utf8) }

  /// The chunk's sum is not looked at before the sizes are.
  private static func sized(width: [UInt8], height: [UInt8]) -> [UInt8] {
    var bytes = PictureFile.named("png, rgb").bytes
    bytes.replaceSubrange(16..<24, with: width + height)
    return bytes
  }

  static let all: [DamageCase] = strange + inJPEG + inPNG + inBMP + inNetpbm

  private static let strange: [DamageCase] = [
    DamageCase([], "is empty"),
    DamageCase(letters("hello"), .foreign, "is no picture; JPEG, PNG, BMP, PPM and PGM are read"),
    DamageCase(
      letters("GIF89a...."), .foreign, "is a GIF picture; JPEG, PNG, BMP, PPM and PGM are read"),
    DamageCase(
      letters("RIFF....WEBPVP8 "), .foreign,
      "is a WebP picture; JPEG, PNG, BMP, PPM and PGM are read"),
    DamageCase(
      [0, 0, 0, 24] + letters("ftypheic"), .foreign,
      "is a HEIC picture; JPEG, PNG, BMP, PPM and PGM are read"),
    DamageCase(
      letters("P4 8 1 x"), .foreign, "is a portable bitmap; JPEG, PNG, BMP, PPM and PGM are read"),
  ]

  private static let inJPEG: [DamageCase] = [
    DamageCase([0xFF, 0xD8, 0xFF], "is cut off after 3 of at least 4 bytes"),
    DamageCase("jpeg, sampling 0", first: 100, "is cut off after 100 of at least 158 bytes"),
    DamageCase("jpeg, sampling 0", first: 700, "is cut off after 700 bytes"),
    DamageCase(
      "jpeg, sampling 0", at: 20, [0x00], "has no JPEG marker at byte 20, where one must be"),
    DamageCase("jpeg, sampling 0", at: 2, [0xFF, 0xD9], "ends before its picture begins"),
    DamageCase(
      "jpeg, sampling 0", at: 4, [0, 1],
      "has a JPEG segment of 1 bytes at byte 4; at least 2 are expected"),
    DamageCase(
      [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 12, 0, 9, 0, 9, 1, 1, 0x11, 0, 0xFF, 0xDA, 0, 2],
      "has 12 bits per value; JPEG files of 8 are read"),
    DamageCase(
      [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 9, 0, 9, 2, 1, 0x11, 0, 0xFF, 0xDA, 0, 2],
      "has 2 channels; 1, 3 or 4 are expected"),
    DamageCase(
      [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 0, 0, 9, 1, 1, 0x11, 0, 0xFF, 0xDA, 0, 2],
      "claims to have 9×0 pixels; there must be at least one"),
    DamageCase(
      [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0x20, 0, 0x20, 0, 1, 1, 0x11, 0, 0xFF, 0xDA, 0, 2],
      "claims to have 8,192×8,192 pixels, more than its 19 bytes can hold"),
    DamageCase(
      [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0xFF, 0xFF, 0xFF, 0xFF, 1, 1, 0x11, 0, 0xFF, 0xDA, 0, 2],
      .tooLarge, "has 65,535×65,535 pixels; at most 100,000,000 are read"),
    DamageCase([0xFF, 0xD8, 0xFF, 0xDA, 0, 2], "has pixels before it says their size"),
    DamageCase(
      [0xFF, 0xD8, 0xFF, 0xC0, 0, 5, 8, 0, 9, 0xFF, 0xDA, 0, 2],
      "has a frame header that is too short"),
  ]

  private static let inPNG: [DamageCase] = [
    DamageCase("png, rgb", first: 8, "is cut off after 8 of at least 10 bytes"),
    DamageCase("png, rgb", first: 300, "is cut off after 300 of at least 638 bytes"),
    DamageCase("png, rgb", at: 12, letters("IDAT"), "does not begin with a PNG header"),
    DamageCase("png, rgb", at: 25, [5], "has the unknown PNG colour type 5 with 8 bits"),
    DamageCase("png, rgb", at: 24, [3], "has the unknown PNG colour type 2 with 3 bits"),
    DamageCase(
      "png, rgb", at: 60, [0, 0], "is damaged: IDAT: invalid literal/lengths set"),
    DamageCase("png, rgb", at: 634, [0, 0], "is damaged: IDAT: CRC error"),
    DamageCase(
      sized(width: [0, 0, 0, 0], height: [0, 0, 0, 1]),
      "claims to have 0×1 pixels; there must be at least one"),
    DamageCase(
      sized(width: [0x7F, 0xFF, 0xFF, 0xFF], height: [0x7F, 0xFF, 0xFF, 0xFF]), .tooLarge,
      "has 2,147,483,647×2,147,483,647 pixels; at most 100,000,000 are read"),
    DamageCase(
      sized(width: [0, 0, 0x20, 0], height: [0, 0, 0x20, 0]),
      "claims to have 8,192×8,192 pixels, more than its 650 bytes can hold"),
  ]

  private static let inBMP: [DamageCase] = [
    DamageCase("bmp, rgb", first: 20, "is cut off after 20 of at least 22 bytes"),
    DamageCase("bmp, rgb", first: 400, "is cut off after 400 of 414 bytes"),
    DamageCase(
      "bmp, rgb", at: 14, [13], "has a BMP header of 13 bytes; 12 or 40 to 124 are expected"),
    DamageCase(
      "bmp, rgb", at: 28, [25], "has the BMP compression 0 with 25 bits, which is not read"),
    DamageCase(
      "bmp, rgb", at: 30, [5], "has the BMP compression 5 with 24 bits, which is not read"),
    DamageCase(
      "bmp, rgb", at: 22, [0, 0, 0, 0x80], .tooLarge,
      "has 13×2,147,483,648 pixels; at most 100,000,000 are read"),
    DamageCase(
      "bmp, rgb", at: 10, [0xFF, 0xFF, 0xFF, 0x7F], "is cut off after 414 of 2,147,484,007 bytes"),
    DamageCase(
      "bmp, 16 bits", at: 54, [0x01, 0x80],
      "has the colour mask 32769 at byte 54, which is no run of ones"),
    DamageCase(
      "bmp, runs of 8 bits", at: 118, [200],
      "has a run of pixels at byte 120 that leaves the picture"),
    DamageCase("bmp, runs of 8 bits", first: 125, "is cut off after 125 of at least 126 bytes"),
  ]

  private static let inNetpbm: [DamageCase] = [
    DamageCase(letters("P6 2 2 255\nabc"), "is cut off after 14 of 23 bytes"),
    DamageCase(letters("P6 2"), "is cut off after 4 bytes"),
    DamageCase(
      letters("P6 two 2 255\n"), "has no number at byte 3, where the width is expected"),
    DamageCase(
      letters("P6 99999999999 2 255\n"), "has too large a number at byte 3, for the width"),
    DamageCase(
      letters("P6 2 2 0\n"), "has the largest value 0; 1 to 65535 are expected"),
    DamageCase(
      letters("P6 2 2 65536\n"), "has the largest value 65536; 1 to 65535 are expected"),
    DamageCase(
      letters("P6 1 1 255xabc"), "has no space at byte 10, where its header must end"),
    DamageCase(
      letters("P2 2 1 7 3 8"), "has the value 8 before byte 12; 7 is the largest"),
    DamageCase(letters("P2 2 2 7 3 7"), "is cut off after 12 bytes"),
    DamageCase(
      letters("P5 9000 9000 255\n"),
      "claims to have 9,000×9,000 pixels, more than its 17 bytes can hold"),
  ]
}
