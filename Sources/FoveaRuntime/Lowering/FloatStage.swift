import CKernels
import FoveaTensor

/// An operand as `Float`, for kernels that take nothing else: itself, or converted into scratch
/// memory.
struct FloatStage {
  let isNeeded: Bool
  private let type: fk_type
  private let count: Int

  init(_ type: TensorType) {
    isNeeded = type.elementType != .float32
    self.type = type.elementType.kernel
    count = type.shape.count
  }

  /// Bytes of scratch memory it takes.
  var byteCount: Int { isNeeded ? FloatStage.sectionByteCount(count * 4) : 0 }

  /// Whole cache lines, so that the section behind begins with one.
  static func sectionByteCount(_ byteCount: Int) -> Int { (byteCount + 63) & ~63 }

  func numbers(
    _ source: UnsafeRawPointer, _ scratch: UnsafeMutableRawPointer
  ) -> UnsafePointer<Float> {
    guard isNeeded else { return source.assumingMemoryBound(to: Float.self) }
    let status = fk_convert(scratch, FK_F32, source, type, Int64(count))
    precondition(status == FK_OK, "an operand was refused")
    return UnsafePointer(scratch.assumingMemoryBound(to: Float.self))
  }
}
