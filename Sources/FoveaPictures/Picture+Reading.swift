extension Picture {
  /// Reads a JPEG, PNG, BMP or Netpbm file, turned as its EXIF orientation says.
  ///
  /// Values of 16 bits lose their lower half, and transparency is dropped, as other tools do that
  /// prepare pictures for networks.
  ///
  /// - Parameter shorterSide: a JPEG file may be decoded at a half, a quarter or an eighth of its size as
  ///   long as its shorter side keeps this many pixels. It is faster, and differs a little from
  ///   decoding first and shrinking then; without it nothing is scaled.
  public static func read(
    _ path: String, as channels: Channels = .rgb, shorterSide: Int? = nil,
    limits: PictureLimits = PictureLimits()
  ) throws(PictureError) -> Picture {
    let bytes = try FileBytes.read(path, limits)
    return try decode(
      bytes, named: path, as: channels, shorterSide: shorterSide, limits: limits)
  }

  /// Decodes the bytes of such a file; `name` is what errors call it.
  public static func decode(
    _ bytes: [UInt8], named name: String, as channels: Channels = .rgb, shorterSide: Int? = nil,
    limits: PictureLimits = PictureLimits()
  ) throws(PictureError) -> Picture {
    let source = PictureSource(name: name, bytes: bytes, limits: limits)
    guard !bytes.isEmpty else { throw source.broken("is empty") }
    guard let format = PictureFormat(bytes) else {
      let words = ForeignFormat.words(for: bytes).map { "is \($0); " } ?? "is no picture; "
      throw PictureError(name, .foreign, words + "JPEG, PNG, BMP, PPM and PGM are read")
    }
    let picture =
      switch format {
      case .jpeg: try JPEGFile(source).decoded(as: channels, shorterSide: shorterSide)
      case .png: try PNGFile(source).decoded(as: channels)
      case .bmp: try BMPFile(source).decoded()
      case .netpbm: try NetpbmFile.decoded(source)
      }
    return picture.converted(to: channels)
  }
}
