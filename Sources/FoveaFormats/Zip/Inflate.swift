import CZlib
import Dispatch
import Synchronization

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
    guard let memory else {
      throw stored.error(
        at: 0, found: "\(count) bytes when inflated", expected: "as many as there is memory for")
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

  /// How much one thread sums up before it looks for more.
  private static let part = 4 << 20

  /// The checksum that zip archives keep of every entry, computed on several threads where it is long.
  static func checksum(_ bytes: ByteRange) throws(FileError) -> UInt32 {
    unsafe try bytes.memory.withBytes(bytes.bounds) { source throws(FileError) in
      nonisolated(unsafe) let start = unsafe source.baseAddress?.assumingMemoryBound(
        to: UInt8.self)
      let count = source.count
      let parts = Mutex([UInt](repeating: 0, count: max(1, (count + part - 1) / part)))
      DispatchQueue.concurrentPerform(iterations: parts.withLock(\.count)) { index in
        let place = index * part
        let sum = unsafe crc32_z(0, start?.advanced(by: place), min(part, count - place))
        parts.withLock { $0[index] = sum }
      }
      let sums = parts.withLock { $0 }
      let whole = sums.indices.dropFirst().reduce(sums[0]) { sum, index in
        crc32_combine(sum, sums[index], min(part, count - index * part))
      }
      return UInt32(truncatingIfNeeded: whole)
    }
  }
}
