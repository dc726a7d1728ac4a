import CZlib

/// Zip archives, right or wrong in any field.
struct ZipBuilder {
  struct Entry {
    var name: String
    var stored: [UInt8]
    var count: UInt64
    var method: UInt64 = 0
    var flags: UInt64 = 0
    var checksum: UInt64
    /// What its own header says where that is something else.
    var localName: String?
    var localCount: UInt64?
    var localMethod: UInt64?
    var localChecksum: UInt64?
    /// Where the directory says it is, if that is somewhere else.
    var position: UInt64?
    var descriptor: [UInt8] = []

    init(_ name: String, _ contents: [UInt8]) {
      self.name = name
      stored = contents
      count = UInt64(contents.count)
      checksum = UInt64(contents.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) })
    }

    func deflated() -> Entry {
      var entry = self
      entry.stored = ZipBuilder.deflate(stored)
      entry.method = 8
      return entry
    }

    func changed(_ change: (inout Entry) -> Void) -> Entry {
      var entry = self
      change(&entry)
      return entry
    }
  }

  var entries: [Entry]
  var claimedCount: UInt64?
  var directoryShift: UInt64 = 0
  var comment: [UInt8] = []
  var disk: UInt64 = 0

  init(_ entries: [Entry]) { self.entries = entries }

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let name = Array(entry.name.utf8)
      let localName = Array((entry.localName ?? entry.name).utf8)
      let stored = UInt64(entry.stored.count)
      directory += little(0x0201_4B50, 4) + little(0, 4) + little(entry.flags, 2)
      directory += little(entry.method, 2) + little(0, 4) + little(entry.checksum, 4)
      directory += little(stored, 4) + little(entry.count, 4) + little(UInt64(name.count), 2)
      directory += little(0, 12) + little(entry.position ?? UInt64(bytes.count), 4) + name
      let isOpen = entry.flags & 8 != 0
      bytes += little(0x0403_4B50, 4) + little(0, 2) + little(entry.flags, 2)
      bytes += little(entry.localMethod ?? entry.method, 2) + little(0, 4)
      bytes += little(isOpen ? 0 : entry.localChecksum ?? entry.checksum, 4)
      bytes += little(isOpen ? 0 : stored, 4)
      bytes += little(isOpen ? 0 : entry.localCount ?? entry.count, 4)
      bytes += little(UInt64(localName.count), 2) + little(0, 2) + localName + entry.stored
      bytes += entry.descriptor
    }
    let count = claimedCount ?? UInt64(entries.count)
    let start = UInt64(bytes.count) &+ directoryShift
    bytes += directory
    bytes += little(0x0605_4B50, 4) + little(disk, 2) + little(0, 2) + little(count, 2)
    bytes += little(count, 2) + little(UInt64(directory.count), 4) + little(start, 4)
    return bytes + little(UInt64(comment.count), 2) + comment
  }

  /// A raw deflate stream: zlib's, without its header and its checksum.
  static func deflate(_ contents: [UInt8]) -> [UInt8] {
    var count = compressBound(UInt(contents.count))
    var bytes = [UInt8](repeating: 0, count: Int(count))
    guard compress2(&bytes, &count, contents, UInt(contents.count), 9) == Z_OK else { return [] }
    return Array(bytes[2..<Int(count) - 4])
  }
}
