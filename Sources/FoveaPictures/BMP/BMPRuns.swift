import FoveaTensor

/// The run-length encoding of bitmaps with 8 or 4 bits.
struct BMPRuns {
  private let file: BMPFile
  private var indices: [UInt8]
  private var offset: Int
  private var (x, y) = (0, 0)

  /// The number of the colour of each pixel; what the runs jump over has number 0.
  static func indices(of file: BMPFile) throws(PictureError) -> [UInt8] {
    var runs = BMPRuns(file)
    while try runs.step() {}
    return runs.indices
  }

  private init(_ file: BMPFile) {
    self.file = file
    indices = [UInt8](repeating: 0, count: file.width * file.height)
    offset = file.start
  }

  /// Follows one pair of bytes; whether there is more to come.
  private mutating func step() throws(PictureError) -> Bool {
    let source = file.source
    // Some programs leave the end of the picture out.
    if y >= file.height, offset >= source.count { return false }
    let count = try source.byte(offset)
    let value = try source.byte(offset + 1)
    offset += 2
    if count > 0 {
      for place in 0..<count {
        try put(file.bits == 8 ? value : place % 2 == 0 ? value >> 4 : value & 15)
      }
      return true
    }
    switch value {
    case 0: (x, y) = (0, y + 1)
    case 1: return false
    case 2:
      x += try source.byte(offset)
      y += try source.byte(offset + 1)
      offset += 2
    default: try copy(value)
    }
    return true
  }

  /// Numbers that stand as they are, filled up to an even number of bytes.
  private mutating func copy(_ count: Int) throws(PictureError) {
    let perByte = 8 / file.bits
    for place in 0..<count {
      let byte = try file.source.byte(offset + place / perByte)
      try put(file.bits == 8 ? byte : place % 2 == 0 ? byte >> 4 : byte & 15)
    }
    offset += ((count + perByte - 1) / perByte + 1) / 2 * 2
  }

  private mutating func put(_ index: Int) throws(PictureError) {
    guard x < file.width, y < file.height else {
      throw file.source.broken(
        "has a run of pixels at byte \(offset.grouped) that leaves the picture")
    }
    indices[file.row(y) * file.width + x] = UInt8(index)
    x += 1
  }
}
