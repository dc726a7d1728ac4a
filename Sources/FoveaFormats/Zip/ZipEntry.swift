import FoveaSystem

/// One file in a zip archive, as the central directory and its own header agree.
struct ZipEntry: Sendable {
  let name: String
  let isDeflated: Bool
  /// The archive's checksum of the contents.
  let checksum: UInt32
  /// Bytes in the archive.
  let storedCount: Int
  /// Bytes of the contents.
  let count: Int
  /// Where its own header begins.
  let position: Int
  /// Where in the central directory it is described.
  let place: Int
}

extension ZipEntry {
  /// Deflate cannot do better than this.
  static let largestRatio = 1032

  /// Reads an entry of the central directory.
  init(_ cursor: inout ByteCursor) throws(FileError) {
    place = cursor.position
    let bytes = cursor.bytes
    let signature = try cursor.number(4, "an entry of the directory")
    guard signature == 0x0201_4B50 else {
      throw bytes.error(
        at: place, found: "no entry of the directory", expected: "the bytes 50 4b 01 02")
    }
    _ = try cursor.number(4, "versions")
    let flags = try cursor.number(2, "flags")
    let method = try cursor.number(2, "a method")
    _ = try cursor.number(4, "a time")
    checksum = UInt32(truncatingIfNeeded: try cursor.number(4, "a checksum"))
    var fields = ZipFields()
    fields.stored = try cursor.number(4, "a size")
    fields.count = try cursor.number(4, "a size")
    let nameLength = try cursor.length(2, "a name")
    let extraLength = Int(try cursor.number(2, "a length"))
    let commentLength = Int(try cursor.number(2, "a length"))
    let disk = try cursor.number(2, "the number of a disk")
    _ = try cursor.number(6, "attributes")
    fields.position = try cursor.number(4, "a position")
    name = try cursor.text(nameLength, "the name of an entry")
    try fields.widen(cursor.take(extraLength, "extra fields"), hasPosition: true)
    _ = try cursor.take(commentLength, "a comment")
    // Besides a descriptor behind the data and a name in UTF-8, only the speed of deflating.
    guard flags & ~0x080E == 0, disk == 0 else {
      throw bytes.error(
        at: place, found: "an encrypted or otherwise special entry \(quoted(name))",
        expected: "a plain one")
    }
    guard method == 0 || method == 8 else {
      throw bytes.error(
        at: place, found: "compression method \(method) of \(quoted(name))",
        expected: "stored (0) or deflated (8)")
    }
    isDeflated = method == 8
    guard let stored = Int(exactly: fields.stored), let count = Int(exactly: fields.count),
      let position = Int(exactly: fields.position), stored <= bytes.count,
      position <= bytes.count
    else {
      throw bytes.error(
        at: place, found: "sizes of \(quoted(name)) beyond the file",
        expected: "at most \(bytes.count)")
    }
    storedCount = stored
    self.count = count
    self.position = position
    let (bound, overflow) = stored.multipliedReportingOverflow(by: ZipEntry.largestRatio)
    guard isDeflated ? !overflow && count <= bound : count == stored else {
      throw bytes.error(
        at: place, found: "\(count) bytes of \(quoted(name)) from \(stored)",
        expected: isDeflated ? "at most \(ZipEntry.largestRatio) times as many" : "as many")
    }
  }
}

/// Sizes and positions of an entry, which move to an extra field when they exceed 32 bits.
struct ZipFields {
  var stored: UInt64 = 0
  var count: UInt64 = 0
  var position: UInt64 = 0

  private static let saturated: UInt64 = 0xFFFF_FFFF

  /// Replaces what is saturated by what the extra field of zip64 says.
  mutating func widen(_ extra: ByteRange, hasPosition: Bool) throws(FileError) {
    var cursor = ByteCursor(extra)
    while cursor.rest >= 4 {
      let kind = try cursor.number(2, "an extra field")
      var field = ByteCursor(
        try cursor.take(try cursor.length(2, "an extra field"), "an extra field"))
      guard kind == 1 else { continue }
      if count == ZipFields.saturated { count = try field.number(8, "a wide size") }
      if stored == ZipFields.saturated { stored = try field.number(8, "a wide size") }
      if hasPosition, position == ZipFields.saturated {
        position = try field.number(8, "a wide position")
      }
      return
    }
  }
}
