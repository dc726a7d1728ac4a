import FoveaTensor

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The bytes of a file, mapped into memory, or what was inflated from one.
///
/// At least a page beyond the end can be read, for vector code reads whole cache lines. This file holds
/// every pointer into what strangers wrote; everyone else uses checked positions.
@safe final class FileMemory: @unchecked Sendable {
  let path: String
  let count: Int
  private let base: UnsafeMutableRawPointer
  private let mappedCount: Int

  /// Bytes that are readable beyond the end.
  static let margin = 4096

  /// Maps a file, without reading it.
  init(mapping path: String) throws(FileError) {
    guard !path.utf8.contains(0) else {
      throw FileMemory.unreadable(path, "a name with a zero byte in it")
    }
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileMemory.unreadable(path, SystemError.text(errno)) }
    defer { close(descriptor) }
    var facts = stat()
    guard unsafe fstat(descriptor, &facts) == 0 else {
      throw FileMemory.unreadable(path, SystemError.text(errno))
    }
    guard facts.st_mode & S_IFMT == S_IFREG else {
      let kind = facts.st_mode & S_IFMT == S_IFDIR ? "a folder" : "something that is no file"
      throw FileMemory.unreadable(path, kind)
    }
    guard let count = Int(exactly: facts.st_size), count < Int.max / 2 else {
      throw FileMemory.unreadable(path, "a file too large to map")
    }
    self.path = path
    self.count = count
    mappedCount = (count + 2 * FileMemory.margin - 1) & ~(FileMemory.margin - 1)
    // Pages of nothing first, so that the file has some behind it; then the file over them.
    let reserved = unsafe mmap(
      nil, mappedCount, PROT_READ, MAP_PRIVATE | MAP_ANON, -1, 0)
    guard let reserved = unsafe reserved, unsafe reserved != MAP_FAILED else {
      throw FileMemory.unreadable(path, SystemError.text(errno))
    }
    unsafe base = reserved
    guard count > 0 else { return }
    let placed = unsafe mmap(
      reserved, count, PROT_READ, MAP_PRIVATE | MAP_FIXED, descriptor, 0)
    guard unsafe placed != MAP_FAILED else {
      let reason = SystemError.text(errno)
      unsafe munmap(reserved, mappedCount)
      throw FileMemory.unreadable(path, reason)
    }
  }

  /// Memory of its own that `fill` writes, for what was inflated from the file at `path`.
  init(
    path: String, count: Int,
    fill: (UnsafeMutableRawBufferPointer) throws(FileError) -> Void
  ) throws(FileError) {
    self.path = path
    self.count = count
    mappedCount = 0
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: count + FileMemory.margin, alignment: 64)
    guard let start = memory.baseAddress else { preconditionFailure("\(count) bytes") }
    unsafe base = start
    let part = unsafe UnsafeMutableRawBufferPointer(start: start, count: count)
    unsafe try fill(part)
  }

  deinit {
    if mappedCount > 0 {
      unsafe munmap(base, mappedCount)
    } else {
      unsafe base.deallocate()
    }
  }

  private static func unreadable(_ path: String, _ found: String) -> FileError {
    FileError(.unreadable, path: path, found: found, expected: "a file that can be read")
  }

  subscript(position: Int) -> UInt8 {
    precondition(position >= 0 && position < count)
    return unsafe base.load(fromByteOffset: position, as: UInt8.self)
  }

  /// A copy of some bytes.
  func copy(_ range: Range<Int>) -> [UInt8] {
    unsafe Array(pointer(range))
  }

  private func pointer(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return unsafe UnsafeRawBufferPointer(
      start: base + range.lowerBound, count: range.count)
  }

  /// Calls `body` with some bytes.
  func withBytes<Result>(
    _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(FileError) -> Result
  ) throws(FileError) -> Result {
    unsafe try body(pointer(range))
  }
}

extension FileMemory {
  /// The numbers from `position` on: where they lie if vector code can read them there, or a copy.
  func rows(_ type: TensorType, at position: Int) -> PlainValue {
    let bytes = unsafe pointer(position..<position + type.byteCount)
    let start = unsafe base + position
    guard UInt(bitPattern: start) % 64 != 0 else {
      return unsafe PlainValue(
        type, borrowing: UnsafeMutableRawBufferPointer(start: start, count: type.byteCount),
        of: self)
    }
    return unsafe PlainValue(type) { target in unsafe target.copyMemory(from: bytes) }
  }

  /// The numbers of a view whose neighbours along each axis are `strides` elements apart.
  ///
  /// Every position must be inside; who makes a view has checked that.
  func gathered(_ type: TensorType, at position: Int, strides: [Int]) -> PlainValue {
    let size = type.elementType.size
    let extents = type.shape.extents
    return unsafe PlainValue(type) { target in
      var index = [Int](repeating: 0, count: extents.count)
      var offset = position
      for element in 0..<type.shape.count {
        let source = unsafe pointer(offset..<offset + size)
        let place = unsafe target[element * size..<(element + 1) * size]
        unsafe UnsafeMutableRawBufferPointer(rebasing: place).copyMemory(from: source)
        for axis in extents.indices.reversed() {
          index[axis] += 1
          offset += strides[axis] * size
          if index[axis] < extents[axis] { break }
          offset -= extents[axis] * strides[axis] * size
          index[axis] = 0
        }
      }
    }
  }
}

/// The system's own words for an error number.
enum SystemError {
  static func text(_ number: Int32) -> String {
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
