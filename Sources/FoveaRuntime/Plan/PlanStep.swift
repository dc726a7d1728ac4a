import FoveaTensor

/// Where each buffer of a plan lies during a run.
struct BufferTable {
  let base: UnsafeMutablePointer<UnsafeMutableRawPointer?>

  @inline(__always)
  subscript(_ place: BufferPlace) -> UnsafeMutableRawPointer {
    base[place.buffer].unsafelyUnwrapped + place.offset
  }
}

/// A stretch of a buffer, known before the run.
struct BufferPlace {
  let buffer: Int
  let offset: Int

  init(_ value: PlanValue) {
    buffer = value.buffer
    offset = value.offset
  }

  init(buffer: Int) {
    self.buffer = buffer
    offset = 0
  }
}

/// One piece of work of a plan.
struct PlanStep {
  /// What it computes, such as `convolution`.
  let name: String
  /// How: the kernel's or primitive's name; `meaning` for the slow fallback.
  let kernel: String
  /// How what it reads and writes lies in memory, such as `abcd → aBcd16b`.
  var layout = ""
  /// The layer it was recorded in.
  var scope: RecordingScope?
  /// Whether it gives a state its next value, and no layer recorded it.
  var isUpdate = false
  /// What it has to do.
  var work = StepWork()
  let reads: [Int]
  let writes: [Int]
  /// Buffers of which the second may be the first: the step reads each element before it writes the
  /// one at the same place.
  let replaceable: [(read: Int, write: Int)]
  /// Whether it may refuse the numbers it is given, such as labels of no class.
  var mayRefuse = false
  let run: (BufferTable) throws -> Void
}
