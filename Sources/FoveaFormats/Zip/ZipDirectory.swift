/// Where the central directory of a zip archive is, and how many entries it has.
struct ZipDirectory {
  let bounds: Range<Int>
  let entryCount: Int

  private static let endLength = 22
  private static let longestComment = 65_535

  init(_ file: ByteRange, _ limits: ReadLimits) throws(FileError) {
    let end = try ZipDirectory.endRecord(of: file)
    var cursor = ByteCursor(file, at: end + 4)
    var disks = [try cursor.number(2, "a disk"), try cursor.number(2, "a disk")]
    var counts = [try cursor.number(2, "a count"), try cursor.number(2, "a count")]
    var size = try cursor.number(4, "a size")
    var start = try cursor.number(4, "a position")
    var directoryEnd = end
    if let wide = try ZipDirectory.wideRecord(of: file, before: end) {
      var cursor = ByteCursor(file, at: wide + 16)
      let small = [disks[0], disks[1], counts[0], counts[1], size, start]
      disks = [try cursor.number(4, "a disk"), try cursor.number(4, "a disk")]
      counts = [try cursor.number(8, "a count"), try cursor.number(8, "a count")]
      size = try cursor.number(8, "a size")
      start = try cursor.number(8, "a position")
      let large = [disks[0], disks[1], counts[0], counts[1], size, start]
      let full: [UInt64] = [0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF_FFFF, 0xFFFF_FFFF]
      for index in small.indices where small[index] != full[index] {
        guard small[index] == large[index] else {
          throw file.error(
            at: end, found: "two records of the end that disagree", expected: "the same numbers")
        }
      }
      directoryEnd = wide
    }
    guard disks == [0, 0], counts[0] == counts[1] else {
      throw file.error(at: end, found: "one of several disks", expected: "an archive in one file")
    }
    guard let count = Int(exactly: counts[0]), count <= limits.entries else {
      throw file.error(
        at: end, found: "\(counts[0]) entries", expected: "at most \(limits.entries)")
    }
    guard let first = Int(exactly: start), let length = Int(exactly: size),
      first <= directoryEnd, length == directoryEnd - first
    else {
      throw file.error(
        at: end, found: "a directory of \(size) bytes at byte \(start)",
        expected: "one that ends at byte \(directoryEnd)")
    }
    bounds = first..<directoryEnd
    entryCount = count
  }

  /// The position of the record at the very end, behind which only its own comment stands.
  private static func endRecord(of file: ByteRange) throws(FileError) -> Int {
    let last = file.count - endLength
    let first = max(0, last - longestComment)
    for position in stride(from: last, through: first, by: -1)
    where file[position] == 0x50 && file[position + 1] == 0x4B {
      let signature = try file.number(4, at: position, of: "the end of the archive")
      let comment = try file.number(2, at: position + 20, of: "the end of the archive")
      if signature == 0x0605_4B50, comment == last - position { return position }
    }
    throw file.error(
      at: file.count, found: "no end of a zip archive",
      expected: "the bytes 50 4b 05 06 before it; the file is cut off or damaged")
  }

  /// The position of the record with wide numbers, if there is one.
  private static func wideRecord(
    of file: ByteRange, before end: Int
  ) throws(FileError) -> Int? {
    let locator = end - 20
    guard locator >= 0,
      try file.number(4, at: locator, of: "the end of the archive") == 0x0706_4B50
    else { return nil }
    let disk = try file.number(4, at: locator + 4, of: "a disk")
    let position = try file.number(8, at: locator + 8, of: "a position")
    let disks = try file.number(4, at: locator + 16, of: "a number of disks")
    guard disk == 0, disks <= 1, let start = Int(exactly: position), start <= locator - 56,
      try file.number(4, at: start, of: "the end of the archive") == 0x0606_4B50,
      let length = Int(exactly: try file.number(8, at: start + 4, of: "a length")),
      length == locator - start - 12
    else {
      throw file.error(
        at: locator, found: "a wide end record that is not where it should be",
        expected: "it just before this byte")
    }
    return start
  }
}
