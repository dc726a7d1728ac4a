#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The system's own words for an error number.
package enum SystemError {
  package static func text(_ number: Int32) -> String {
    switch number {
    case ENOENT: "no such file"
    case EACCES, EPERM: "no permission"
    case ENOSPC, EDQUOT: "no space left on the disk"
    default:
      unsafe strerror(number).map { unsafe String(cString: $0) }?.lowercased()
        ?? "system error \(number)"
    }
  }
}
