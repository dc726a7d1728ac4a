#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What stands between a path and the bytes of a file; who reads the file puts it into words.
package enum FileObstacle: Error, Hashable {
  case missing
  case forbidden
  case folder
  /// A device, a pipe, or something else that is neither a file nor a folder.
  case special
  /// The path has a zero byte in it, where the system would end it.
  case zeroInName
  /// It became shorter between asking for its size and reading it.
  case shortened(to: Int)
  /// It has more bytes than may be read.
  case tooLarge(_ count: Int, _ limit: Int)
  /// Something else, in the system's own words.
  case system(String)

  init(_ number: Int32) {
    self =
      switch number {
      case ENOENT, ENOTDIR: .missing
      case EACCES, EPERM: .forbidden
      default: .system(SystemError.text(number))
      }
  }
}
