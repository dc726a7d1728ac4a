/// CRC-32 (ISO 3309), and files in which it is put right after their bytes were changed.
enum Checksums {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { sum, _ in sum & 1 == 0 ? sum >> 1 : sum >> 1 ^ 0xEDB8_8320 }
  }

  static func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { sum, byte in table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ sum >> 8 }
  }

  /// A number of `width` bytes, the lowest first; `nil` beyond the end.
  private static func little(_ bytes: [UInt8], _ place: Int, _ width: Int) -> Int? {
    guard place >= 0, place + width <= bytes.count else { return nil }
    return (0..<width).reversed().reduce(0) { $0 << 8 | Int(bytes[place + $1]) }
  }

  /// Writes a checksum, its lowest byte first or last.
  private static func put(_ sum: UInt32, _ bytes: inout [UInt8], at place: Int, isBig: Bool = false)
  {
    for index in 0..<4 where place + index < bytes.count {
      let shift = UInt32(8 * (isBig ? 3 - index : index))
      bytes[place + index] = UInt8(truncatingIfNeeded: sum >> shift)
    }
  }

  /// A zip archive with the checksums of its stored entries put right, as far as they can be found.
  static func zip(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    var place = 0
    while place + 46 <= bytes.count {
      guard bytes[place] == 0x50, bytes[place + 1] == 0x4B, bytes[place + 2] == 1,
        bytes[place + 3] == 2
      else {
        place += 1
        continue
      }
      if let stored = little(bytes, place + 20, 4), let local = little(bytes, place + 42, 4),
        little(bytes, place + 10, 2) == 0, let name = little(bytes, local + 26, 2),
        let extra = little(bytes, local + 28, 2), local + 30 + name + extra + stored <= bytes.count
      {
        let start = local + 30 + name + extra
        let sum = crc32(bytes[start..<start + stored])
        put(sum, &result, at: place + 16)
        if let flags = little(bytes, local + 6, 2), flags & 8 == 0 {
          put(sum, &result, at: local + 14)
        }
      }
      place += 46
    }
    return result
  }

  /// A PNG file with the checksums of its chunks put right.
  static func png(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    var place = 8
    while place + 12 <= bytes.count {
      let length = (0..<4).reduce(0) { $0 << 8 | Int(bytes[place + $1]) }
      guard place + 12 + length <= bytes.count else { break }
      let sum = crc32(bytes[place + 4..<place + 8 + length])
      put(sum, &result, at: place + 8 + length, isBig: true)
      place += 12 + length
    }
    return result
  }
}
