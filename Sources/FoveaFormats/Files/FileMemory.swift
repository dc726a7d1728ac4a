import FoveaSystem
import FoveaTensor

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The bytes of a file, or what was inflated from one.
///
/// They are a copy: whoever checked them has checked what is used, whatever becomes of the file. Some bytes
/// beyond the end can be read, for vector code reads whole cache lines. This file holds every pointer into
/// what strangers wrote; everyone else uses checked positions.
@safe final class FileMemory: @unchecked Sendable {
  let path: String
  let count: Int
  private let base: UnsafeMutableRawPointer

  /// Bytes that are readable beyond the end, and where the first one lies at a multiple of.
  static let margin = 4096

  /// Memory that `fill` writes; `nil` where there is none of this size.
  init?<Failure>(
    path: String, count: Int,
    fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    var memory: UnsafeMutableRawPointer?
    guard unsafe posix_memalign(&memory, FileMemory.margin, count + FileMemory.margin) == 0,
      let memory = unsafe memory
    else { return nil }
    self.path = path
    self.count = count
    unsafe base = memory
    unsafe try fill(UnsafeMutableRawBufferPointer(start: memory, count: count))
  }

  deinit { unsafe free(base) }

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
  /// Files up to this size are read without asking how much memory is free.
  private static let small = 1 << 24

  /// Reads a whole file, if limits and memory allow it.
  static func read(_ path: String, _ limits: ReadLimits) throws(FileError) -> FileMemory {
    do throws(FileObstacle) {
      let file = try RegularFile.open(path)
      let allowed = min(limits.bytes, file.count > small ? SystemMemory.available : .max)
      guard file.count <= allowed else { throw .tooLarge(file.count, allowed) }
      let memory = try unsafe FileMemory(path: path, count: file.count) {
        (target: UnsafeMutableRawBufferPointer) throws(FileObstacle) in
        unsafe try file.read(into: target)
      }
      guard let memory else { throw .tooLarge(file.count, SystemMemory.available) }
      return memory
    } catch {
      throw FileError(error, path)
    }
  }

  /// A copy of bytes that were read elsewhere.
  static func copy(_ bytes: [UInt8], named name: String) throws(FileError) -> FileMemory {
    let memory = unsafe FileMemory(path: name, count: bytes.count) { target in
      unsafe target.copyBytes(from: bytes)
    }
    guard let memory else {
      throw FileError(.tooLarge(bytes.count, SystemMemory.available), name)
    }
    return memory
  }

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
