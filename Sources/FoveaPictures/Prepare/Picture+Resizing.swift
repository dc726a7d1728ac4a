import CPictures

extension Picture {
  /// The picture in another size: bilinear with antialiasing, rounded to 8 bits after the rows and
  /// after the columns, exactly as Pillow does.
  public func resized(width: Int, height: Int) -> Picture {
    resized(width: width, height: height, columns: 0..<width, rows: 0..<height)
  }

  /// A part of the resized picture, without computing the rest.
  func resized(width: Int, height: Int, columns: Range<Int>, rows: Range<Int>) -> Picture {
    precondition(width > 0 && height > 0 && !columns.isEmpty && !rows.isEmpty, "an empty picture")
    if width == self.width, height == self.height, columns == 0..<width, rows == 0..<height {
      return self
    }
    let across = ResizeTaps(from: self.width, to: width, outputs: columns)
    let down = ResizeTaps(from: self.height, to: height, outputs: rows)
    let needed = down.sources
    let size = channels.rawValue
    let rowSize = columns.count * size
    let narrow = unsafe [UInt8](unsafeUninitializedCapacity: needed.count * rowSize) {
      target, count in
      count = needed.count * rowSize
      unsafe values.withUnsafeBufferPointer { source in
        unsafe across.withTaps { taps in
          unsafe cp_resample_rows(
            source.baseAddress! + needed.lowerBound * self.width * size, Int64(self.width),
            Int64(needed.count), Int32(size), taps, target.baseAddress!)
        }
      }
    }
    let result = unsafe [UInt8](unsafeUninitializedCapacity: rows.count * rowSize) {
      target, count in
      count = rows.count * rowSize
      unsafe narrow.withUnsafeBufferPointer { source in
        unsafe down.withTaps { taps in
          unsafe cp_resample_columns(
            source.baseAddress!, Int64(rowSize), Int64(needed.lowerBound), taps,
            target.baseAddress!)
        }
      }
    }
    return Picture(width: columns.count, height: rows.count, channels: channels, values: result)
  }
}
