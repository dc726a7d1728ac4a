import FoveaTensor
import Synchronization

/// Numbers that stay among the bytes of their file until somebody uses them.
final class FileValue: StoredValue {
  let type: TensorType
  private let memory: FileMemory
  /// The first byte in `memory`.
  private let position: Int
  /// Elements between neighbours along each axis; `nil` in row-major order.
  private let strides: [Int]?
  private let used = Mutex<PlainValue?>(nil)

  /// Numbers in row-major order; all of their bytes must be inside `bytes`.
  init(_ type: TensorType, _ bytes: ByteRange) {
    precondition(bytes.count == type.byteCount)
    self.type = type
    memory = bytes.memory
    position = bytes.bounds.lowerBound
    strides = nil
  }

  /// A view into `storage` that begins at element `offset` and was checked to stay inside.
  init(_ type: TensorType, _ storage: ByteRange, offset: Int, strides: [Int]) {
    self.type = type
    memory = storage.memory
    position = storage.bounds.lowerBound + offset * type.elementType.size
    // Where there is only one element, how far it is to the next does not matter.
    let isPlain = zip(type.shape.extents, zip(strides, type.shape.strides)).allSatisfy {
      $0 == 1 || $1.0 == $1.1
    }
    self.strides = isPlain ? nil : strides
  }

  /// The bytes of the file that are the numbers in row-major order, where there are such.
  var rows: ByteRange? {
    strides == nil ? ByteRange(memory, position..<position + type.byteCount, part: nil) : nil
  }

  func plain() -> PlainValue {
    used.withLock { used in
      if let used { return used }
      let value =
        strides.map { memory.gathered(type, at: position, strides: $0) }
        ?? memory.rows(type, at: position)
      used = value
      return value
    }
  }
}
