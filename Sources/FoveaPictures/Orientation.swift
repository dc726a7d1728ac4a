import CPictures

/// How a camera was held, numbered as EXIF does.
struct Orientation: Equatable {
  let number: Int

  /// The stored picture is the picture.
  static let upright = Orientation(number: 1)

  /// Whether width and height change places.
  var isTransposed: Bool { number >= 5 }

  private init(number: Int) { self.number = number }

  /// The orientation in a block of EXIF, which begins with the byte order; whatever is odd there
  /// means upright, for it says nothing of the pixels.
  init(exif bytes: ArraySlice<UInt8>) {
    number = Self.number(inEXIF: Array(bytes)) ?? 1
  }

  private static func number(inEXIF block: [UInt8]) -> Int? {
    guard block.count >= 8, block[0] == block[1] else { return nil }
    let isLittle = block[0] == UInt8(ascii: "I")
    guard isLittle || block[0] == UInt8(ascii: "M") else { return nil }
    func value(_ offset: Int, _ size: Int) -> Int? {
      guard offset + size <= block.count else { return nil }
      let part = block[offset..<offset + size]
      return isLittle
        ? part.reversed().reduce(0) { $0 << 8 | Int($1) } : part.reduce(0) { $0 << 8 | Int($1) }
    }
    guard value(2, 2) == 42, let table = value(4, 4), let entries = value(table, 2) else {
      return nil
    }
    for entry in 0..<entries {
      let start = table + 2 + 12 * entry
      guard let tag = value(start, 2) else { return nil }
      guard tag == 0x0112 else { continue }
      // A short of one value stands in the entry itself.
      guard value(start + 2, 2) == 3, value(start + 4, 4) == 1, let number = value(start + 8, 2),
        (1...8).contains(number)
      else { return nil }
      return number
    }
    return nil
  }
}

extension Picture {
  /// The picture as it is meant to be seen.
  func turned(_ orientation: Orientation) -> Picture {
    if orientation == .upright { return self }
    let turned = unsafe [UInt8](unsafeUninitializedCapacity: values.count) { target, count in
      unsafe values.withUnsafeBufferPointer { source in
        unsafe cp_orient(
          source.baseAddress!, Int64(width), Int64(height), Int32(channels.rawValue),
          Int32(orientation.number), target.baseAddress!)
      }
      count = values.count
    }
    let isTransposed = orientation.isTransposed
    return Picture(
      width: isTransposed ? height : width, height: isTransposed ? width : height,
      channels: channels, values: turned)
  }
}
