import FoveaTensor

/// The gray and pixel maps of Netpbm: P2 and P3 as text, P5 and P6 as bytes.
struct NetpbmFile {
  private let source: PictureSource
  private var offset = 2

  /// The picture of the file's own channels.
  static func decoded(_ source: PictureSource) throws(PictureError) -> Picture {
    var file = NetpbmFile(source: source)
    return try file.picture()
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

  private init(source: PictureSource) { self.source = source }

  private mutating func picture() throws(PictureError) -> Picture {
    let kind = source.bytes[1] - UInt8(ascii: "0")
    let channels: Picture.Channels = kind == 2 || kind == 5 ? .gray : .rgb
    let width = try number("the width")
    let height = try number("the height")
    let largest = try number("the largest value")
    guard (1...65_535).contains(largest) else {
      throw source.broken("has the largest value \(largest); 1 to 65535 are expected")
    }
    try source.checkSize(width, height, perByte: 1)
    let count = width * height * channels.rawValue
    let values =
      kind < 4 ? try text(count, largest) : try binary(count, largest)
    return Picture(width: width, height: height, channels: channels, values: values)
  }

  /// The next number of the header or of a picture in text; comments reach to the end of a line.
  private mutating func number(_ what: String) throws(PictureError) -> Int {
    while offset < source.count {
      if source.bytes[offset] == UInt8(ascii: "#") {
        while offset < source.count, source.bytes[offset] != 10, source.bytes[offset] != 13 {
          offset += 1
        }
      } else if Self.isSpace(source.bytes[offset]) {
        offset += 1
      } else {
        break
      }
    }
    let start = offset
    var value = 0
    while offset < source.count {
      let byte = source.bytes[offset]
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { break }
      // More digits than any number of a picture has.
      guard offset - start < 10 else {
        throw source.broken("has too large a number at byte \(start.grouped), for \(what)")
      }
      value = 10 * value + Int(byte - UInt8(ascii: "0"))
      offset += 1
    }
    guard offset > start else {
      if offset == source.count { throw source.cutOff() }
      throw source.broken("has no number at byte \(start.grouped), where \(what) is expected")
    }
    return value
  }

  private mutating func text(_ count: Int, _ largest: Int) throws(PictureError) -> [UInt8] {
    // A value and the space before it are two bytes at least.
    guard count <= (source.count - offset) / 2 else { throw source.cutOff() }
    var values: [UInt8] = []
    values.reserveCapacity(count)
    while values.count < count {
      let value = try number("a value")
      guard value <= largest else {
        throw source.broken(
          "has the value \(value) before byte \(offset.grouped); \(largest) is the largest")
      }
      values.append(Self.scaled(value, largest))
    }
    return values
  }

  private func binary(_ count: Int, _ largest: Int) throws(PictureError) -> [UInt8] {
    // One space ends the header, whatever follows.
    guard offset < source.count else { throw source.cutOff() }
    guard Self.isSpace(source.bytes[offset]) else {
      throw source.broken("has no space at byte \(offset.grouped), where its header must end")
    }
    let start = offset + 1
    let size = largest < 256 ? 1 : 2
    guard count * size <= source.count - start else { throw source.cutOff(start + count * size) }
    let bytes = source.bytes[start..<start + count * size]
    if largest == 255 { return Array(bytes) }
    if size == 1 {
      let table = (0...255).map { Self.scaled(min($0, largest), largest) }
      return bytes.map { table[Int($0)] }
    }
    return (0..<count).map { index in
      let value = Int(bytes[start + 2 * index]) << 8 | Int(bytes[start + 2 * index + 1])
      return Self.scaled(min(value, largest), largest)
    }
  }

  /// The nearest value out of 255.
  private static func scaled(_ value: Int, _ largest: Int) -> UInt8 {
    UInt8((2 * 255 * value + largest) / (2 * largest))
  }
}
