/// The header of a Windows or OS/2 bitmap.
struct BMPFile {
  /// How pixels are stored.
  enum Storage: Equatable {
    /// Numbers of colours in rows.
    case indices
    /// Numbers of colours in runs of 8 or 4 bits.
    case runs
    /// Bits of red, green and blue.
    case colors
  }

  let source: PictureSource
  let width: Int
  let height: Int
  let isTopDown: Bool
  let bits: Int
  let storage: Storage
  /// Red, green and blue of each colour by number.
  private(set) var palette: [[UInt8]] = []
  /// The bits of red, green and blue in a pixel.
  private(set) var masks: [Int] = []
  /// Where the pixels begin.
  let start: Int

  init(_ source: PictureSource) throws(PictureError) {
    self.source = source
    start = try source.little32(10)
    let size = try source.little32(14)
    let isShort = size == 12
    guard isShort || (40...124).contains(size) else {
      throw source.broken("has a BMP header of \(size) bytes; 12 or 40 to 124 are expected")
    }
    let signedHeight: Int
    if isShort {
      (width, signedHeight) = (try source.little16(18), try source.little16(20))
    } else {
      width = try source.little32(18)
      signedHeight = Int(Int32(truncatingIfNeeded: try source.little32(22)))
    }
    (height, isTopDown) = (abs(signedHeight), signedHeight < 0)
    bits = try source.little16(isShort ? 24 : 28)
    let compression = isShort ? 0 : try source.little32(30)
    storage = try Self.storage(compression, bits, source)
    // A run of 255 pixels takes two bytes, and a jump over 65,000 takes four.
    try source.checkSize(width, height, perByte: storage == .runs ? 65_536 : max(1, 8 / bits))
    let headerEnd = 14 + size
    if storage == .colors {
      masks = try readMasks(compression, size)
    } else {
      let isMasked = size == 40 && (compression == 3 || compression == 6)
      let used = isShort ? 0 : try source.little32(46)
      try readPalette(
        at: headerEnd + (isMasked ? 12 : 0), used: used, entry: isShort ? 3 : 4)
    }
  }

  private static func storage(
    _ compression: Int, _ bits: Int, _ source: PictureSource
  ) throws(PictureError) -> Storage {
    switch (compression, bits) {
    case (0, 1), (0, 2), (0, 4), (0, 8): return .indices
    case (1, 8), (2, 4): return .runs
    case (0, 16), (0, 24), (0, 32), (3, 16), (3, 32), (6, 16), (6, 32): return .colors
    default:
      throw source.broken(
        "has the BMP compression \(compression) with \(bits) bits, which is not read")
    }
  }

  private func readMasks(_ compression: Int, _ size: Int) throws(PictureError) -> [Int] {
    guard compression == 3 || compression == 6 else {
      return bits == 16 ? [0x7C00, 0x03E0, 0x001F] : [0xFF0000, 0x00FF00, 0x0000FF]
    }
    // They follow a short header and stand in a long one, which is the same place.
    var masks: [Int] = []
    for offset in [54, 58, 62] {
      let mask = try source.little32(offset)
      let ones = mask >> max(0, mask.trailingZeroBitCount)
      guard mask > 0, ones & (ones + 1) == 0 else {
        throw source.broken(
          "has the colour mask \(mask) at byte \(offset), which is no run of ones")
      }
      masks.append(mask)
    }
    return masks
  }

  private mutating func readPalette(
    at start: Int, used: Int, entry size: Int
  ) throws(PictureError) {
    let count = used == 0 ? 1 << bits : min(used, 1 << bits)
    let end = start + count * size
    guard end <= source.count else { throw source.cutOff(end, isLeast: true) }
    palette = (0..<count).map { index in
      let place = start + index * size
      return [source.bytes[place + 2], source.bytes[place + 1], source.bytes[place]]
    }
  }
}
