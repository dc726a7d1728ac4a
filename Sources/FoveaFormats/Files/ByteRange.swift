import FoveaSystem

/// Some bytes of a file, every access to which is checked.
struct ByteRange: Sendable {
  let memory: FileMemory
  /// Where they are in `memory`.
  let bounds: Range<Int>
  /// The part of the file they are, such as an entry of an archive; places are counted from its start.
  let part: String?

  init(_ memory: FileMemory, part: String? = nil) {
    self.init(memory, 0..<memory.count, part: part)
  }

  init(_ memory: FileMemory, _ bounds: Range<Int>, part: String?) {
    self.memory = memory
    self.bounds = bounds
    self.part = part
  }

  var count: Int { bounds.count }

  /// The byte at a position that is known to be inside.
  subscript(position: Int) -> UInt8 {
    precondition(position >= 0 && position < bounds.count)
    return memory[bounds.lowerBound + position]
  }

  /// A whole number of `width` bytes, the lowest first.
  func number(_ width: Int, at position: Int, of what: String) throws(FileError) -> UInt64 {
    try require(width, at: position, of: what)
    var number: UInt64 = 0
    for index in (0..<width).reversed() { number = number << 8 | UInt64(self[position + index]) }
    return number
  }

  /// The bytes from `position` on, or an error when there are not as many.
  func slice(_ count: Int, at position: Int, of what: String) throws(FileError) -> ByteRange {
    try require(count, at: position, of: what)
    let start = bounds.lowerBound + position
    return ByteRange(memory, start..<start + count, part: part)
  }

  /// The same bytes under a name of their own.
  func named(_ part: String) -> ByteRange { ByteRange(memory, bounds, part: part) }

  var array: [UInt8] { memory.copy(bounds) }

  /// The text these bytes encode, or `nil` when they are not UTF-8.
  var text: String? { String(validating: array, as: UTF8.self) }

  private func require(_ count: Int, at position: Int, of what: String) throws(FileError) {
    guard position >= 0, count >= 0, position <= self.count, count <= self.count - position else {
      let left = max(0, self.count - max(0, position))
      throw error(
        at: position, found: left == 0 ? "the end" : "only \(left) bytes more",
        expected: "\(count) \(count == 1 ? "byte" : "bytes") of \(what)")
    }
  }

  /// An error about the byte at `position`.
  func error(
    at position: Int, found: String, expected: String, hint: String? = nil
  ) -> FileError {
    let (sum, _) = bounds.lowerBound.addingReportingOverflow(position)
    let place = part.map { "\(visible($0)), byte \(position)" } ?? "byte \(sum)"
    return FileError(
      path: memory.path, place: place, found: found, expected: expected, hint: hint)
  }

  /// An error about a field of this file.
  func error(
    in field: String, found: String, expected: String, hint: String? = nil
  ) -> FileError {
    FileError(path: memory.path, place: field, found: found, expected: expected, hint: hint)
  }
}
