import CTurboJPEG

extension JPEGFile {
  /// Warnings about things that leave every pixel as it was meant.
  private static let harmlessWarnings = [
    "extraneous bytes before marker", "Unknown Adobe color transform", "JFIF major revision",
    "Invalid SOS parameters",
  ]

  /// The picture; gray files stay gray where gray is wanted.
  func decoded(
    as channels: Picture.Channels, shorterSide: Int?
  ) throws(PictureError) -> Picture {
    let divisor = divisor(keeping: shorterSide)
    let (width, height) = (Self.divided(width, divisor), Self.divided(height, divisor))
    let picture: Picture
    switch (components, channels) {
    case (4, _):
      let inks = try values(width, height, TJPF_CMYK, size: 4)
      picture = Picture(
        width: width, height: height, channels: .rgb, values: Self.mixed(inks))
    case (1, .gray):
      let values = try values(width, height, TJPF_GRAY, size: 1)
      picture = Picture(width: width, height: height, channels: .gray, values: values)
    default:
      let values = try values(width, height, TJPF_RGB, size: 3)
      picture = Picture(width: width, height: height, channels: .rgb, values: values)
    }
    return picture.turned(orientation)
  }

  /// By how much the library may divide the size while it decodes.
  private func divisor(keeping shorterSide: Int?) -> Int {
    guard let shorterSide else { return 1 }
    return [8, 4, 2].first { Self.divided(min(width, height), $0) >= shorterSide } ?? 1
  }

  private static func divided(_ length: Int, _ divisor: Int) -> Int {
    (length + divisor - 1) / divisor
  }

  private func values(
    _ width: Int, _ height: Int, _ format: TJPF, size: Int
  ) throws(PictureError) -> [UInt8] {
    guard let handle = unsafe tjInitDecompress() else {
      throw source.broken("cannot be decoded: \(unsafe Self.words(nil))")
    }
    defer { unsafe tjDestroy(handle) }
    let count = width * height * size
    var status: Int32 = 0
    let values = unsafe [UInt8](unsafeUninitializedCapacity: count) { target, written in
      // What a damaged file leaves out must not be what memory happened to hold.
      if !isComplete { unsafe target.initialize(repeating: 0) }
      status = unsafe source.bytes.withUnsafeBufferPointer { bytes in
        unsafe tjDecompress2(
          handle, bytes.baseAddress, UInt(bytes.count), target.baseAddress, Int32(width),
          Int32(width * size), Int32(height), Int32(format.rawValue), TJFLAG_LIMITSCANS)
      }
      written = count
    }
    guard status != 0 else { return values }
    let words = unsafe Self.words(handle)
    if unsafe tjGetErrorCode(handle) == Int32(TJERR_WARNING.rawValue) {
      guard isComplete else { throw source.cutOff() }
      if Self.harmlessWarnings.contains(where: words.contains) { return values }
    }
    throw source.broken("is damaged: \(words)")
  }

  private static func words(_ handle: tjhandle?) -> String {
    unsafe tjGetErrorStr2(handle).map { unsafe String(cString: $0) } ?? "no reason given"
  }

  /// Inks to light. Files with four channels hold them inverted, as Adobe's programs write them.
  private static func mixed(_ inks: [UInt8]) -> [UInt8] {
    let count = inks.count / 4
    var values = [UInt8](repeating: 0, count: 3 * count)
    for pixel in 0..<count {
      let light = Int(inks[4 * pixel + 3])
      for channel in 0..<3 {
        let product = (255 - Int(inks[4 * pixel + channel])) * light + 128
        values[3 * pixel + channel] = UInt8(max(0, light - (product >> 8 + product) >> 8))
      }
    }
    return values
  }
}
