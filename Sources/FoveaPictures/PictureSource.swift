import FoveaTensor

/// The bytes of a picture file, with the name it has in errors and the limits it must keep.
struct PictureSource {
  let name: String
  let bytes: [UInt8]
  let limits: PictureLimits

  var count: Int { bytes.count }

  func broken(_ reason: String) -> PictureError { PictureError(name, .broken, reason) }

  /// The file ends too early; `total` is what it should have, as far as is known.
  func cutOff(_ total: Int? = nil, isLeast: Bool = false) -> PictureError {
    let got = count.grouped
    guard let total, total > count else { return broken("is cut off after \(got) bytes") }
    return broken("is cut off after \(got) of \(isLeast ? "at least " : "")\(total.grouped) bytes")
  }

  func byte(_ offset: Int) throws(PictureError) -> Int {
    guard offset < count else { throw cutOff(offset + 1, isLeast: true) }
    return Int(bytes[offset])
  }

  func big16(_ offset: Int) throws(PictureError) -> Int {
    guard offset + 2 <= count else { throw cutOff(offset + 2, isLeast: true) }
    return Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
  }

  func big32(_ offset: Int) throws(PictureError) -> Int {
    try big16(offset) << 16 | (try big16(offset + 2))
  }

  func little16(_ offset: Int) throws(PictureError) -> Int {
    let value = try big16(offset)
    return value >> 8 | (value & 0xFF) << 8
  }

  func little32(_ offset: Int) throws(PictureError) -> Int {
    try little16(offset) | (try little16(offset + 2)) << 16
  }

  /// Refuses sizes beyond the limits, and those that so few bytes cannot hold: a file of 100 bytes
  /// may claim a billion pixels.
  ///
  /// - Parameter perByte: how many pixels a byte of the file can make at most.
  func checkSize(_ width: Int, _ height: Int, perByte: Int) throws(PictureError) {
    guard width > 0, height > 0 else {
      throw broken("claims to have \(width)×\(height) pixels; there must be at least one")
    }
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, pixels <= limits.pixels else {
      throw PictureError(
        name, .tooLarge,
        "has \(width.grouped)×\(height.grouped) pixels; at most \(limits.pixels.grouped) are read"
      )
    }
    guard pixels / perByte <= count else {
      throw broken(
        "claims to have \(width.grouped)×\(height.grouped) pixels, more than its "
          + "\(count.grouped) bytes can hold")
    }
  }
}
