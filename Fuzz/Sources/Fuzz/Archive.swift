/// The archive that PyTorch would have made around a pickle.
enum Archive {
  /// A pickle, and storages of zeros for its tensors.
  static func around(_ pickle: [UInt8]) -> [UInt8] {
    let storages = (0..<8).map { ("archive/data/\($0)", [UInt8](repeating: 0, count: 24 << $0)) }
    return stored([("archive/data.pkl", pickle)] + storages)
  }

  private static func stored(_ entries: [(name: String, contents: [UInt8])]) -> [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let sum = little(Int(Checksums.crc32(entry.contents)), 4)
      let size = little(entry.contents.count, 4)
      let name = Array(entry.name.utf8)
      let facts = sum + size + size + little(name.count, 2)
      directory += [0x50, 0x4B, 1, 2] + little(0, 12) + facts
      directory += little(0, 12) + little(bytes.count, 4) + name
      bytes += [0x50, 0x4B, 3, 4] + little(0, 10) + facts + little(0, 2) + name + entry.contents
    }
    let start = bytes.count
    bytes += directory + [0x50, 0x4B, 5, 6] + little(0, 4)
    bytes += little(entries.count, 2) + little(entries.count, 2)
    return bytes + little(directory.count, 4) + little(start, 4) + little(0, 2)
  }

  private static func little(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
