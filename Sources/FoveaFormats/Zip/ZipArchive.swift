import FoveaSystem

/// A zip archive whose directory and entries agree with each other in every respect.
///
/// Readers that believe one or the other can be shown different files; this one refuses.
struct ZipArchive {
  /// In the order of the directory.
  let entries: [ZipEntry]
  private let file: ByteRange
  private let data: [String: (entry: ZipEntry, bytes: ByteRange)]

  init(_ file: ByteRange, _ limits: ReadLimits) throws(FileError) {
    self.file = file
    let directory = try ZipDirectory(file, limits)
    var cursor = ByteCursor(
      try file.slice(directory.bounds.upperBound, at: 0, of: "the directory"),
      at: directory.bounds.lowerBound)
    var entries: [ZipEntry] = []
    while entries.count < directory.entryCount { entries.append(try ZipEntry(&cursor)) }
    guard cursor.rest == 0 else {
      throw file.error(
        at: cursor.position, found: "\(cursor.rest) bytes more in the directory",
        expected: "its end after \(entries.count) entries")
    }
    self.entries = entries
    var data: [String: (entry: ZipEntry, bytes: ByteRange)] = [:]
    var end = 0
    var before = "the beginning"
    for entry in entries.sorted(by: { $0.position < $1.position }) {
      guard entry.position >= end else {
        throw file.error(
          at: entry.place, found: "\(quoted(entry.name)) that overlaps \(before)",
          expected: "entries one after the other")
      }
      let (bytes, last) = try ZipArchive.locate(entry, in: file)
      guard last <= directory.bounds.lowerBound else {
        throw file.error(
          at: entry.place, found: "\(quoted(entry.name)) that reaches into the directory",
          expected: "entries before it")
      }
      guard data.updateValue((entry, bytes), forKey: entry.name) == nil else {
        throw file.error(
          at: entry.place, found: "\(quoted(entry.name)) for the second time",
          expected: "every name once")
      }
      end = last
      before = quoted(entry.name)
    }
    self.data = data
  }

  /// The bytes of an entry as they are stored, and where whatever belongs to it ends.
  private static func locate(
    _ entry: ZipEntry, in file: ByteRange
  ) throws(FileError) -> (ByteRange, end: Int) {
    var cursor = ByteCursor(file, at: entry.position)
    func disagreement(_ what: String) -> FileError {
      file.error(
        at: entry.position, found: "another \(what) of \(quoted(entry.name)) than in the directory",
        expected: "both to agree")
    }
    guard try cursor.number(4, "the header of an entry") == 0x0403_4B50 else {
      throw file.error(
        at: entry.position, found: "no header of \(quoted(entry.name))",
        expected: "the bytes 50 4b 03 04")
    }
    _ = try cursor.number(2, "a version")
    let flags = try cursor.number(2, "flags")
    guard flags & ~0x080E == 0 else { throw disagreement("set of flags") }
    let method = try cursor.number(2, "a method")
    guard method == (entry.isDeflated ? 8 : 0) else { throw disagreement("method") }
    _ = try cursor.number(4, "a time")
    let checksum = try cursor.number(4, "a checksum")
    var fields = ZipFields()
    fields.stored = try cursor.number(4, "a size")
    fields.count = try cursor.number(4, "a size")
    let nameLength = try cursor.length(2, "a name")
    let extraLength = Int(try cursor.number(2, "a length"))
    guard try cursor.text(nameLength, "the name of an entry") == entry.name else {
      throw disagreement("name")
    }
    try fields.widen(cursor.take(extraLength, "extra fields"), hasPosition: false)
    let isDescribedBehind = flags & 8 != 0
    let isLeftOpen =
      isDescribedBehind && checksum == 0 && fields.stored == 0 && fields.count == 0
    guard isLeftOpen || fields.stored == entry.storedCount && fields.count == entry.count else {
      throw disagreement("size")
    }
    guard isLeftOpen || checksum == entry.checksum else { throw disagreement("checksum") }
    let bytes = try cursor.take(entry.storedCount, quoted(entry.name))
    if isDescribedBehind { try skipDescriptor(&cursor, entry) }
    return (bytes.named(entry.name), cursor.position)
  }

  /// Checksum and sizes behind the data, in 32 or 64 bits, with or without a signature.
  private static func skipDescriptor(
    _ cursor: inout ByteCursor, _ entry: ZipEntry
  ) throws(FileError) {
    let start = cursor.position
    var first = try cursor.number(4, "a descriptor")
    if first == 0x0807_4B50 { first = try cursor.number(4, "a descriptor") }
    let sizes = cursor.position
    for width in [4, 8] {
      var attempt = ByteCursor(cursor.bytes, at: sizes)
      let stored = try attempt.number(width, "a descriptor")
      let count = try attempt.number(width, "a descriptor")
      if stored == entry.storedCount, count == entry.count, first == entry.checksum {
        cursor = attempt
        return
      }
    }
    throw cursor.bytes.error(
      at: start, found: "another size of \(quoted(entry.name)) than in the directory",
      expected: "both to agree")
  }

  /// The contents of an entry, inflated if they were deflated, with the checksum they should have.
  func contents(
    of name: String, _ budget: inout ReadBudget
  ) throws(FileError) -> ByteRange? {
    guard let (entry, stored) = data[name] else { return nil }
    var contents = stored
    if entry.isDeflated {
      try budget.spend(entry.count) { found, expected in
        file.error(at: entry.place, found: found, expected: expected)
      }
      contents = try Inflate.run(stored, count: entry.count, part: name)
    }
    // Writers that leave checksums out, as PyTorch can be told to, write 0.
    if entry.isDeflated || entry.checksum != 0 {
      guard try Inflate.checksum(contents) == entry.checksum else {
        throw file.error(
          at: entry.position, found: "\(quoted(name)) with another checksum",
          expected: "the one in the directory; the file is damaged")
      }
    }
    return contents
  }
}
