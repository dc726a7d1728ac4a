import FoveaTensor

/// What the markers before the pixels of a JPEG file say (ITU-T T.81, annex B).
struct JPEGFile {
  let source: PictureSource
  private(set) var width = 0
  private(set) var height = 0
  private(set) var components = 0
  private(set) var orientation = Orientation.upright
  /// Whether the marker that ends a picture is there.
  private(set) var isComplete = false

  /// Reads the markers up to the first scan.
  init(_ source: PictureSource) throws(PictureError) {
    self.source = source
    var offset = 2
    while true {
      guard try source.byte(offset) == 0xFF else {
        throw source.broken("has no JPEG marker at byte \(offset.grouped), where one must be")
      }
      let marker = try source.byte(offset + 1)
      // Markers may be preceded by any number of fill bytes.
      if marker == 0xFF {
        offset += 1
        continue
      }
      offset += 2
      if marker == 0x01 || (0xD0...0xD7).contains(marker) { continue }
      guard marker != 0xD9 else { throw source.broken("ends before its picture begins") }
      let length = try source.big16(offset)
      guard length >= 2 else {
        throw source.broken(
          "has a JPEG segment of \(length) bytes at byte \(offset.grouped); at least 2 are expected"
        )
      }
      guard offset + length <= source.count else {
        throw source.cutOff(offset + length, isLeast: true)
      }
      if marker == 0xDA { break }
      try read(marker, offset + 2..<offset + length)
      offset += length
    }
    guard components > 0 else { throw source.broken("has pixels before it says their size") }
    isComplete = hasEnd(from: offset)
  }

  private mutating func read(_ marker: Int, _ range: Range<Int>) throws(PictureError) {
    switch marker {
    case 0xC0...0xCF where ![0xC4, 0xC8, 0xCC].contains(marker):
      try readFrame(range)
    case 0xE1 where source.bytes[range].starts(with: Array("Exif\0\0".utf8)):
      orientation = Orientation(exif: source.bytes[range].dropFirst(6))
    default: break
    }
  }

  private mutating func readFrame(_ range: Range<Int>) throws(PictureError) {
    guard range.count >= 6 else { throw source.broken("has a frame header that is too short") }
    let start = range.lowerBound
    let precision = try source.byte(start)
    guard precision == 8 else {
      throw source.broken("has \(precision) bits per value; JPEG files of 8 are read")
    }
    (height, width) = (try source.big16(start + 1), try source.big16(start + 3))
    components = try source.byte(start + 5)
    guard [1, 3, 4].contains(components) else {
      throw source.broken("has \(components) channels; 1, 3 or 4 are expected")
    }
    // A block of 64 pixels takes at least one bit, so a byte makes at most 512; twice that is let pass.
    try source.checkSize(width, height, perByte: 1024)
  }

  /// Looks for the end of the picture from behind, for it is nearly always there.
  private func hasEnd(from start: Int) -> Bool {
    var offset = source.count - 2
    while offset >= start {
      if source.bytes[offset + 1] == 0xD9, source.bytes[offset] == 0xFF { return true }
      offset -= 1
    }
    return false
  }
}
