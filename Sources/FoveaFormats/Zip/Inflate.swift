import CZlib

/// Inflates raw deflate streams of known size; more or fewer bytes are an error.
enum Inflate {
  static func run(
    _ stored: ByteRange, count: Int, part: String
  ) throws(FileError) -> ByteRange {
    let memory = try unsafe FileMemory(path: stored.memory.path, count: count) {
      (target: UnsafeMutableRawBufferPointer) throws(FileError) in
      unsafe try stored.memory.withBytes(stored.bounds) { source throws(FileError) in
        let produced = unsafe inflate(source, into: target)
        guard let produced, produced == count else {
          throw stored.error(
            at: 0,
            found: produced.map { "\($0) bytes when inflated" } ?? "a broken deflate stream",
            expected: "exactly \(count) bytes")
        }
      }
    }
    return ByteRange(memory, part: part)
  }

  /// How many bytes came out, or `nil` when the stream is broken or does not end where it should.
  private static func inflate(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) -> Int? {
    var stream = unsafe z_stream()
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    // A negative window means a stream without header.
    guard unsafe inflateInit2_(&stream, -15, ZLIB_VERSION, size) == Z_OK else { return nil }
    defer { unsafe inflateEnd(&stream) }
    var consumed = 0
    var produced = 0
    var status = Z_OK
    while status == Z_OK {
      // The library counts in 32 bits.
      let input = min(source.count - consumed, 1 << 30)
      let room = min(target.count - produced, 1 << 30)
      unsafe stream.next_in = UnsafeMutablePointer(
        mutating: source.baseAddress?.advanced(by: consumed).assumingMemoryBound(to: UInt8.self))
      unsafe stream.avail_in = UInt32(input)
      unsafe stream.next_out = target.baseAddress?.advanced(by: produced)
        .assumingMemoryBound(to: UInt8.self)
      unsafe stream.avail_out = UInt32(room)
      status = unsafe CZlib.inflate(&stream, Z_NO_FLUSH)
      consumed += input - Int(unsafe stream.avail_in)
      produced += room - Int(unsafe stream.avail_out)
    }
    guard status == Z_STREAM_END, consumed == source.count else { return nil }
    return produced
  }

  /// The version of the library.
  static var version: String { unsafe String(cString: zlibVersion()) }

  /// The checksum that zip archives keep of every entry.
  static func checksum(_ bytes: ByteRange) throws(FileError) -> UInt32 {
    unsafe try bytes.memory.withBytes(bytes.bounds) { source throws(FileError) in
      let start = unsafe source.baseAddress?.assumingMemoryBound(to: UInt8.self)
      return UInt32(truncatingIfNeeded: unsafe crc32_z(0, start, source.count))
    }
  }
}
