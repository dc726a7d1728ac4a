/// The format of a picture file, recognised by its first bytes, never by its name.
public enum PictureFormat: String, Hashable, Sendable, CaseIterable {
  /// ITU-T T.81.
  case jpeg = "JPEG"
  /// ISO/IEC 15948.
  case png = "PNG"
  /// Windows and OS/2 bitmaps.
  case bmp = "BMP"
  /// The portable gray and pixel maps of Netpbm, P2, P3, P5 and P6.
  case netpbm = "Netpbm"

  /// The format of a file that begins with `bytes`.
  public init?(_ bytes: some Collection<UInt8>) {
    let start = Array(bytes.prefix(8))
    if start.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if start.starts(with: PNGFile.signature) {
      self = .png
    } else if start.starts(with: Array("BM".utf8)) {
      self = .bmp
    } else if start.count >= 3, start[0] == UInt8(ascii: "P"),
      Array("2356".utf8).contains(start[1]), NetpbmFile.isSpace(start[2])
    {
      self = .netpbm
    } else {
      return nil
    }
  }

  /// The endings of names that these formats usually have, in lower case.
  public static let usualExtensions: Set<String> = [
    "jpg", "jpeg", "jpe", "jfif", "png", "bmp", "dib", "ppm", "pgm", "pnm",
  ]
}

/// Formats that are known by sight only, so that a refusal can name them.
enum ForeignFormat {
  private static let signatures: [(offset: Int, bytes: [UInt8], words: String)] = [
    (0, Array("GIF8".utf8), "a GIF picture"),
    (8, Array("WEBP".utf8), "a WebP picture"),
    (0, [0x49, 0x49, 0x2A, 0x00], "a TIFF picture"),
    (0, [0x4D, 0x4D, 0x00, 0x2A], "a TIFF picture"),
    (4, Array("ftypavif".utf8), "an AVIF picture"),
    (4, Array("ftypheic".utf8), "a HEIC picture"),
    (4, Array("ftypmif1".utf8), "a HEIC picture"),
    (4, Array("ftyp".utf8), "a film"),
    (0, [0xFF, 0x0A], "a JPEG XL picture"),
    (4, Array("JXL ".utf8), "a JPEG XL picture"),
    (4, Array("jP  ".utf8), "a JPEG 2000 picture"),
    (0, [0x00, 0x00, 0x01, 0x00], "a Windows icon"),
    (0, Array("8BPS".utf8), "a Photoshop document"),
    (0, Array("%PDF".utf8), "a PDF document"),
    (0, Array("P1".utf8), "a portable bitmap"),
    (0, Array("P4".utf8), "a portable bitmap"),
    (0, Array("P7".utf8), "a portable arbitrary map"),
    (0, Array("<svg".utf8), "an SVG drawing"),
    (0, Array("<?xml".utf8), "an XML document"),
    (0, Array("<!DOCTYPE".utf8), "a web page"),
    (0, Array("<html".utf8), "a web page"),
    (0, [0x50, 0x4B, 0x03, 0x04], "a zip archive"),
    (0, [0x1F, 0x8B], "a gzip archive"),
    (0, [0x89] + Array("HDF".utf8), "an HDF5 file"),
    (0, Array("RIFF".utf8), "a RIFF file"),
  ]

  /// What the bytes are, if it shows.
  static func words(for bytes: [UInt8]) -> String? {
    signatures.first { signature in
      bytes.dropFirst(signature.offset).starts(with: signature.bytes)
    }?.words
  }
}
