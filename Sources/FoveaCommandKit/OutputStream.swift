#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A standard stream, written without buffering and with every failure noticed.
public struct OutputStream: Sendable {
  /// The text could not be written, for example because the disk is full.
  public struct Failure: Error, Equatable {
    /// The system's error number.
    public let code: Int32
    /// Whether the reader went away, as in `fovea help | head -1`.
    public var isClosedPipe: Bool { code == EPIPE }
  }

  /// Results.
  public static let standardOutput = OutputStream(descriptor: 1)
  /// Progress and messages.
  public static let standardError = OutputStream(descriptor: 2)

  let descriptor: Int32

  /// Writes the whole text or throws.
  public func write(_ text: String) throws(Failure) {
    var text = text
    let failure = text.withUTF8 { bytes -> Failure? in
      var rest = bytes[...]
      while !rest.isEmpty {
        let part = UnsafeBufferPointer(rebasing: rest)
        #if canImport(Darwin)
          let count = Darwin.write(descriptor, part.baseAddress, part.count)
        #elseif canImport(Glibc)
          let count = Glibc.write(descriptor, part.baseAddress, part.count)
        #else
          let count = Musl.write(descriptor, part.baseAddress, part.count)
        #endif
        if count < 0 {
          if errno == EINTR { continue }
          return Failure(code: errno)
        }
        rest = rest.dropFirst(count)
      }
      return nil
    }
    if let failure { throw failure }
  }

  /// The facts of the stream in this process.
  public func facts(color: TerminalFacts.ColorChoice = .auto) -> TerminalFacts {
    var size = winsize()
    let hasSize = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0
    return TerminalFacts(
      isTerminal: isatty(descriptor) == 1, reportedWidth: hasSize ? Int(size.ws_col) : nil,
      color: color, environment: environmentValue)
  }
}

/// The value of an environment variable.
public func environmentValue(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}

/// Seconds of a clock that never goes back.
public func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
