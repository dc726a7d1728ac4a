/// A small file of text, read and written as a whole.
package enum TextFile {
  /// The text of a file.
  ///
  /// - Parameter limit: the most bytes it may have.
  package static func read(
    _ path: String, atMost limit: Int = 1 << 24
  ) throws(FileError) -> String {
    var limits = ReadLimits.default
    limits.bytes = limit
    let memory = try FileMemory.read(path, limits)
    guard let text = String(validating: memory.copy(0..<memory.count), as: UTF8.self) else {
      throw FileError(path: path, found: "bytes that are no text", expected: "text in UTF-8")
    }
    return text
  }

  /// Writes a file that appears when it is complete, in the place of an old one.
  package static func write(_ text: String, to path: String) throws(FileError) {
    var file = try AtomicFile(path)
    do throws(FileError) {
      try file.write(Array(text.utf8))
      try file.finish()
    } catch {
      file.abandon()
      throw error
    }
  }
}
