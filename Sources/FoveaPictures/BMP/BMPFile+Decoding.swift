extension BMPFile {
  /// The picture in colour.
  func decoded() throws(PictureError) -> Picture {
    let values: [UInt8]
    switch storage {
    case .runs: values = colored(try BMPRuns.indices(of: self))
    case .indices: values = colored(try indices())
    case .colors: values = try colors()
    }
    return Picture(width: width, height: height, channels: .rgb, values: values)
  }

  /// Rows are stored from the bottom unless the height is negative.
  func row(_ stored: Int) -> Int { isTopDown ? stored : height - 1 - stored }

  /// Bytes of a stored row: whole units of four.
  private func stride() throws(PictureError) -> Int {
    let stride = (width * bits + 31) / 32 * 4
    let end = start + stride * height
    guard end <= source.count else { throw source.cutOff(end) }
    return stride
  }

  private func indices() throws(PictureError) -> [UInt8] {
    let stride = try stride()
    var indices = [UInt8](repeating: 0, count: width * height)
    let perByte = 8 / bits
    for stored in 0..<height {
      let begin = start + stored * stride
      let target = row(stored) * width
      for x in 0..<width {
        let byte = source.bytes[begin + x / perByte]
        let shift = 8 - bits * (x % perByte + 1)
        indices[target + x] = byte >> UInt8(shift) & UInt8(1 << bits - 1)
      }
    }
    return indices
  }

  /// Numbers beyond the palette are black.
  private func colored(_ indices: [UInt8]) -> [UInt8] {
    let known = palette + Array(repeating: [0, 0, 0], count: 256 - palette.count)
    var values: [UInt8] = []
    values.reserveCapacity(3 * indices.count)
    for index in indices { values += known[Int(index)] }
    return values
  }

  private func colors() throws(PictureError) -> [UInt8] {
    let stride = try stride()
    let size = bits / 8
    let shifts = masks.map(\.trailingZeroBitCount)
    let largest = zip(masks, shifts).map { $0 >> $1 }
    var values = [UInt8](repeating: 0, count: 3 * width * height)
    for stored in 0..<height {
      var place = start + stored * stride
      var target = 3 * row(stored) * width
      for _ in 0..<width {
        var pixel = 0
        for byte in 0..<size { pixel |= Int(source.bytes[place + byte]) << (8 * byte) }
        for channel in 0..<3 {
          let value = (pixel & masks[channel]) >> shifts[channel]
          values[target + channel] = UInt8(value * 255 / largest[channel])
        }
        place += size
        target += 3
      }
    }
    return values
  }
}
