import FoveaTensor

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Reading a whole file of bounded size.
///
/// A copy and no mapping: a file that shrinks while it is decoded must not stop the program.
enum FileBytes {
  static func read(_ path: String, _ limits: PictureLimits) throws(PictureError) -> [UInt8] {
    // Opening a pipe that nobody writes to would wait for ever otherwise.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure(path, errno) }
    defer { close(descriptor) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else { throw failure(path, errno) }
    switch facts.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw PictureError(path, .foreign, "is a folder, not a picture")
    default: throw PictureError(path, .foreign, "is not a regular file")
    }
    let size = Int(facts.st_size)
    guard size <= limits.bytes else {
      throw PictureError(
        path, .tooLarge,
        "has \(size.grouped) bytes; at most \(limits.bytes.grouped) are read")
    }
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = systemRead(descriptor, buffer.baseAddress! + count, size - count)
        if got < 0, errno == EINTR { continue }
        if got < 0 { code = errno }
        guard got > 0 else { break }
        count += got
      }
    }
    guard code == 0 else { throw failure(path, code) }
    return bytes
  }

  private static func systemRead(
    _ descriptor: Int32, _ buffer: UnsafeMutablePointer<UInt8>, _ count: Int
  ) -> Int {
    #if canImport(Darwin)
      Darwin.read(descriptor, buffer, count)
    #elseif canImport(Glibc)
      Glibc.read(descriptor, buffer, count)
    #else
      Musl.read(descriptor, buffer, count)
    #endif
  }

  private static func failure(_ path: String, _ code: Int32) -> PictureError {
    let reason =
      switch code {
      case ENOENT, ENOTDIR: "does not exist"
      case EACCES, EPERM: "may not be read"
      default: "cannot be read: \(String(cString: strerror(code)))"
      }
    return PictureError(path, .unreadable, reason)
  }
}
