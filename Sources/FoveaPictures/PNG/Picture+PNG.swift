import CPictures

extension Picture {
  /// The picture as a PNG file.
  public func pngFile() -> [UInt8] {
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    var reason = [CChar](repeating: 0, count: Int(CP_REASON_SIZE))
    let status = unsafe values.withUnsafeBufferPointer { values in
      unsafe cp_png_write(
        values.baseAddress!, UInt32(clamping: width), UInt32(clamping: height),
        Int32(channels.rawValue), &bytes, &count, &reason)
    }
    guard status == 0, let bytes = unsafe bytes else {
      // Only a lack of memory and sides beyond two thousand million pixels lead here.
      fatalError("a picture of \(self) cannot be written: \(PNGFile.words(reason))")
    }
    defer { unsafe cp_png_free(bytes) }
    return unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
  }
}
