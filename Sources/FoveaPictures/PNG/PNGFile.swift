import CPictures

/// What the chunks of a PNG file say (ISO/IEC 15948, clause 5).
struct PNGFile {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  let source: PictureSource
  let width: Int
  let height: Int
  private let isGray: Bool
  private var orientation = Orientation.upright

  /// Reads the header, and goes from chunk to chunk to the end, so that a file that is cut off can
  /// say so in bytes.
  init(_ source: PictureSource) throws(PictureError) {
    self.source = source
    guard try source.big32(8) == 13, try source.big32(12) == Self.name("IHDR") else {
      throw source.broken("does not begin with a PNG header")
    }
    (width, height) = (try source.big32(16), try source.big32(20))
    let depth = try source.byte(24)
    let colors = try source.byte(25)
    isGray = colors == 0 || colors == 4
    let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][colors] ?? 0
    guard channels > 0, [1, 2, 4, 8, 16].contains(depth) else {
      throw source.broken("has the unknown PNG colour type \(colors) with \(depth) bits")
    }
    // Deflate makes at most 1032 bytes of one.
    try source.checkSize(width, height, perByte: max(1, 1032 * 8 / (depth * channels)))
    var offset = 8
    while true {
      let length = try source.big32(offset)
      let name = try source.big32(offset + 4)
      let next = offset + 12 + length
      guard next <= source.count else { throw source.cutOff(next, isLeast: true) }
      if name == Self.name("IEND") { break }
      if name == Self.name("eXIf") {
        orientation = Orientation(exif: source.bytes[offset + 8..<offset + 8 + length])
      }
      offset = next
    }
  }

  private static func name(_ text: StaticString) -> Int {
    text.withUTF8Buffer { unsafe $0.reduce(0) { $0 << 8 | Int($1) } }
  }

  /// The picture; gray files stay gray where gray is wanted.
  func decoded(as wanted: Picture.Channels) throws(PictureError) -> Picture {
    let channels = isGray ? wanted : .rgb
    let count = width * height * channels.rawValue
    var reason = [CChar](repeating: 0, count: Int(CP_REASON_SIZE))
    var status: Int32 = 0
    let values = unsafe [UInt8](unsafeUninitializedCapacity: count) { target, written in
      status = unsafe source.bytes.withUnsafeBufferPointer { bytes in
        unsafe cp_png_read(
          bytes.baseAddress!, bytes.count, UInt32(width), UInt32(height),
          Int32(channels.rawValue), target.baseAddress!, &reason)
      }
      written = status == 0 ? count : 0
    }
    guard status == 0 else {
      throw source.broken("is damaged: \(PNGFile.words(reason))")
    }
    return Picture(width: width, height: height, channels: channels, values: values)
      .turned(orientation)
  }

  /// The text before the zero.
  static func words(_ reason: [CChar]) -> String {
    String(decoding: reason.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
