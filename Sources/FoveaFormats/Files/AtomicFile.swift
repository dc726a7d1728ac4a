import FoveaSystem
import FoveaTensor

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file that appears under its name when it is complete, and not before.
///
/// It is written beside its place, brought to the disk, and renamed: whoever looks sees the old file or
/// the new one, also when the machine stops in between.
struct AtomicFile {
  private let path: String
  private let folder: String
  private let temporary: String
  private let descriptor: Int32
  private var written = 0

  init(_ path: String) throws(FileError) {
    self.path = path
    let slash = path.lastIndex(of: "/")
    folder = slash.map { String(path[...$0]) } ?? "."
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    guard !path.utf8.contains(0) else {
      throw FileError(
        .uncreatable, path: path, found: "a name with a zero byte in it",
        expected: "a name without")
    }
    var facts = stat()
    // A device or a folder must not be replaced by a file.
    if unsafe stat(path, &facts) == 0, facts.st_mode & S_IFMT != S_IFREG {
      throw FileError(
        .uncreatable, path: path,
        found: facts.st_mode & S_IFMT == S_IFDIR ? "a folder" : "something that is no file",
        expected: "a file or nothing")
    }
    let start = slash == nil ? "" : folder
    temporary = "\(start).\(name.prefix(64)).tmp-\(getpid())-\(UInt32.random(in: 0...(.max)))"
    descriptor = unsafe open(
      temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw FileError(
        .uncreatable, path: path, found: SystemError.text(errno),
        expected: "a folder where files can be created")
    }
  }

  mutating func write(_ bytes: [UInt8]) throws(FileError) {
    let failure = unsafe bytes.withUnsafeBytes { unsafe write($0) }
    try check(failure)
  }

  /// Writes numbers in row-major order, straight from the file they are in where that is possible.
  mutating func write(_ value: any StoredValue) throws(FileError) {
    if let rows = (value as? FileValue)?.rows {
      let failure = unsafe try rows.memory.withBytes(rows.bounds) { bytes throws(FileError) in
        unsafe write(bytes)
      }
      return try check(failure)
    }
    let value = value.plain()
    let failure = unsafe write(
      UnsafeRawBufferPointer(rebasing: value.bytes[..<value.type.byteCount]))
    try check(failure)
  }

  private mutating func write(_ bytes: UnsafeRawBufferPointer) -> Int32 {
    var rest = unsafe bytes[...]
    while unsafe !rest.isEmpty {
      let part = unsafe UnsafeRawBufferPointer(rebasing: rest)
      #if canImport(Darwin)
        let count = unsafe Darwin.write(descriptor, part.baseAddress, part.count)
      #elseif canImport(Glibc)
        let count = unsafe Glibc.write(descriptor, part.baseAddress, part.count)
      #else
        let count = unsafe Musl.write(descriptor, part.baseAddress, part.count)
      #endif
      if count < 0 {
        if errno == EINTR { continue }
        return errno
      }
      written += count
      unsafe rest = rest.dropFirst(count)
    }
    return 0
  }

  private func check(_ failure: Int32) throws(FileError) {
    guard failure != 0 else { return }
    throw FileError(
      .unwritable, path: path, place: "byte \(written)", found: SystemError.text(failure),
      expected: "all of the file to be written")
  }

  /// Brings everything to the disk and gives the file its name.
  mutating func finish() throws(FileError) {
    try check(fsync(descriptor) == 0 ? 0 : errno)
    try check(unsafe rename(temporary, path) == 0 ? 0 : errno)
    close(descriptor)
    // The new name, too; some file systems cannot, and have nothing to be brought either.
    let directory = unsafe open(folder, O_RDONLY | O_CLOEXEC)
    if directory >= 0 {
      fsync(directory)
      close(directory)
    }
  }

  /// Removes what was written so far.
  func abandon() {
    close(descriptor)
    unsafe unlink(temporary)
  }
}
