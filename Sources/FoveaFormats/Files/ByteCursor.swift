/// Reads a range of bytes from front to back.
struct ByteCursor {
  let bytes: ByteRange
  private(set) var position: Int

  init(_ bytes: ByteRange, at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  var rest: Int { bytes.count - position }

  mutating func byte(_ what: String) throws(FileError) -> UInt8 {
    let value = try bytes.number(1, at: position, of: what)
    position += 1
    return UInt8(truncatingIfNeeded: value)
  }

  mutating func number(_ width: Int, _ what: String) throws(FileError) -> UInt64 {
    let value = try bytes.number(width, at: position, of: what)
    position += width
    return value
  }

  /// A number of bytes, which must still be there.
  mutating func length(_ width: Int, _ what: String) throws(FileError) -> Int {
    let start = position
    let value = try number(width, "the length of \(what)")
    guard let length = Int(exactly: value), length <= rest else {
      throw bytes.error(
        at: start, found: "\(what) of \(value) bytes", expected: "at most the \(rest) that follow")
    }
    return length
  }

  mutating func take(_ count: Int, _ what: String) throws(FileError) -> ByteRange {
    let slice = try bytes.slice(count, at: position, of: what)
    position += count
    return slice
  }

  mutating func text(_ count: Int, _ what: String) throws(FileError) -> String {
    let start = position
    guard let text = try take(count, what).text else {
      throw bytes.error(
        at: start, found: "\(what) that is not UTF-8", expected: "text in UTF-8")
    }
    return text
  }

  /// Text up to the end of the line, which is skipped.
  mutating func line(_ what: String, longest: Int = 1024) throws(FileError) -> String {
    let start = position
    var end = position
    while end < bytes.count, bytes[end] != 0x0A {
      end += 1
      guard end - start <= longest else {
        throw bytes.error(
          at: start, found: "\(what) of more than \(longest) bytes", expected: "a short line")
      }
    }
    let text = try text(end - start, what)
    _ = try byte("the end of a line")
    return text
  }
}
