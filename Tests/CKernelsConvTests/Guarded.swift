import CKernels

/// Aligned memory between two stretches that nobody may write to.
final class Guarded {
  private static let around = 64
  private static let mark: UInt32 = 0xFFC0_1234

  private let memory: UnsafeMutablePointer<Float>
  private let count: Int

  var start: UnsafeMutablePointer<Float> { memory + Guarded.around }
  var values: [Float] { Array(UnsafeBufferPointer(start: start, count: count)) }

  /// Memory that holds what is not a number.
  convenience init(byteCount: Int64) {
    self.init([Float](repeating: .nan, count: Int(byteCount) / 4))
  }

  /// Memory that holds numbers as bf16, which they fit.
  convenience init(halves values: [Float]) {
    self.init(
      stride(from: 0, to: values.count, by: 2).map { index in
        let (low, high) = (values[index], index + 1 < values.count ? values[index + 1] : 0)
        return Float(bitPattern: low.bitPattern >> 16 | high.bitPattern & 0xFFFF_0000)
      })
  }

  init(_ values: [Float]) {
    count = values.count
    let whole = count + 2 * Guarded.around
    memory = fk_allocate(Int64(whole * 4))!.bindMemory(to: Float.self, capacity: whole)
    memory.initialize(repeating: Float(bitPattern: Guarded.mark), count: whole)
    start.update(from: values, count: count)
  }

  deinit { fk_free(memory) }

  /// What memory of bf16 holds.
  var halves: [Float] {
    values.flatMap {
      [Float(bitPattern: $0.bitPattern << 16), Float(bitPattern: $0.bitPattern & 0xFFFF_0000)]
    }
  }

  func fill(_ value: Float) { start.update(repeating: value, count: count) }

  /// Whether the stretches around are what they were.
  var isIntact: Bool {
    (0..<Guarded.around).allSatisfy {
      memory[$0].bitPattern == Guarded.mark
        && memory[Guarded.around + count + $0].bitPattern == Guarded.mark
    }
  }
}
