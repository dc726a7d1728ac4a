import Dispatch
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file that is open for reading, neither a folder nor a device.
///
/// It is read and never mapped: a mapped file that shrinks stops the program, and one that changes does
/// so behind the back of whoever has checked it.
package struct RegularFile: ~Copyable {
  private let descriptor: Int32
  /// Bytes it had when it was opened.
  package let count: Int

  package static func open(_ path: String) throws(FileObstacle) -> RegularFile {
    guard !path.utf8.contains(0) else { throw .zeroInName }
    // Opening a pipe that nobody writes to would wait for ever otherwise.
    let descriptor = systemOpen(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileObstacle(errno) }
    var facts = stat()
    var obstacle: FileObstacle?
    if unsafe fstat(descriptor, &facts) != 0 {
      obstacle = FileObstacle(errno)
    } else if facts.st_mode & S_IFMT != S_IFREG {
      obstacle = facts.st_mode & S_IFMT == S_IFDIR ? .folder : .special
    }
    if let obstacle {
      close(descriptor)
      throw obstacle
    }
    return RegularFile(descriptor: descriptor, count: Int(facts.st_size))
  }

  /// The system's function, which the name of ours would hide.
  private static func systemOpen(_ path: String, _ flags: Int32) -> Int32 {
    #if canImport(Darwin)
      unsafe Darwin.open(path, flags)
    #elseif canImport(Glibc)
      unsafe Glibc.open(path, flags)
    #else
      unsafe Musl.open(path, flags)
    #endif
  }

  deinit { close(descriptor) }

  /// How much one thread reads before it looks for more; a memory page is touched for the first time
  /// then, and that takes longer than the copying.
  private static let part = 16 << 20

  /// Fills memory of ``count`` bytes from the beginning of the file, on several threads if it is large.
  package func read(into target: UnsafeMutableRawBufferPointer) throws(FileObstacle) {
    let descriptor = descriptor
    let count = (target.count + Self.part - 1) / Self.part
    guard count > 1 else { return unsafe try Self.read(descriptor, 0..<target.count, target) }
    let first = Mutex<FileObstacle?>(nil)
    nonisolated(unsafe) let target = unsafe target
    DispatchQueue.concurrentPerform(iterations: count) { index in
      guard first.withLock({ $0 == nil }) else { return }
      let start = index * Self.part
      do throws(FileObstacle) {
        let end = unsafe min(start + Self.part, target.count)
        unsafe try Self.read(descriptor, start..<end, target)
      } catch {
        first.withLock { $0 = $0 ?? error }
      }
    }
    if let obstacle = first.withLock({ $0 }) { throw obstacle }
  }

  private static func read(
    _ descriptor: Int32, _ range: Range<Int>, _ target: UnsafeMutableRawBufferPointer
  ) throws(FileObstacle) {
    var place = range.lowerBound
    while place < range.upperBound {
      let got = unsafe pread(
        descriptor, target.baseAddress?.advanced(by: place), range.upperBound - place, off_t(place))
      if got < 0 {
        if errno == EINTR { continue }
        throw FileObstacle(errno)
      }
      guard got > 0 else { throw .shortened(to: place) }
      place += got
    }
  }

  /// All bytes of the file.
  package func bytes() throws(FileObstacle) -> [UInt8] {
    var obstacle: FileObstacle?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, count in
      do throws(FileObstacle) {
        unsafe try read(
          into: UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: self.count))
        count = self.count
      } catch {
        obstacle = error
      }
    }
    if let obstacle { throw obstacle }
    return bytes
  }
}
