import CKernels
import FoveaTensor

/// A copy between two windows of memory, with its C structure in place.
struct StridedCopy {
  private var shape = fk_copy_shape()
  private let targetOffset: Int
  private let sourceOffset: Int
  private let targetType: fk_type
  private let sourceType: fk_type

  /// - Parameter converting: the kind of number the source holds, when it is another.
  /// - Returns: `nil` when the loops are more than the kernel has.
  init?(
    _ type: ElementType, from source: MemoryWindow, to target: MemoryWindow,
    converting sourceType: ElementType? = nil
  ) {
    let loops = PhysicalAxes.merged(target.extents, [target.strides, source.strides])
    guard loops.extents.count <= Int(FK_COPY_AXES) else { return nil }
    shape.rank = Int32(loops.extents.count)
    Numbers.fill(&shape.extent, loops.extents)
    Numbers.fill(&shape.to_stride, loops.strides[0])
    Numbers.fill(&shape.from_stride, loops.strides[1])
    targetOffset = target.offset * type.size
    sourceOffset = source.offset * (sourceType ?? type).size
    targetType = type.kernel
    self.sourceType = (sourceType ?? type).kernel
  }

  func run(_ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer) {
    let status = withUnsafePointer(to: shape) {
      fk_copy($0, target + targetOffset, targetType, source + sourceOffset, sourceType)
    }
    precondition(status == FK_OK, "a copy that was prepared was refused")
  }
}

/// Swift sees the arrays of C structures as tuples.
enum Numbers {
  static func fill<Tuple>(_ tuple: inout Tuple, _ numbers: [Int]) {
    withUnsafeMutableBytes(of: &tuple) { bytes in
      let target = bytes.bindMemory(to: Int64.self)
      for (index, number) in numbers.enumerated() { target[index] = Int64(number) }
    }
  }
}

extension ElementType {
  /// The kernels' name for this kind of number.
  var kernel: fk_type { fk_type(UInt32(rawValue)) }
}

extension PlanBuilder {
  /// Adds a step that makes one copy.
  func emit(
    _ name: String, _ copy: StridedCopy, from source: PlanValue, to target: PlanValue,
    scope: RecordingScope?
  ) {
    let (from, to) = (BufferPlace(source), BufferPlace(target))
    emit(name, kernel: "copy", reads: [source], writes: [target], scope: scope) { memory in
      copy.run(memory[from], to: memory[to])
    }
  }
}
