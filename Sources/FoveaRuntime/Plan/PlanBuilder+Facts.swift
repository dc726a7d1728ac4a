import FoveaTensor

extension PlanBuilder {
  /// What is read and written, and how much of it outlives a run.
  func work(reading reads: [PlanValue], writing writes: [PlanValue]) -> StepWork {
    func bytes(_ values: [PlanValue]) -> Int {
      values.reduce(0) { $0 + $1.layout.byteCount($1.type) }
    }
    let kept = reads.filter {
      switch buffers[$0.buffer].home {
      case .input, .constant: true
      case .arena, .output: false
      }
    }
    return StepWork(byteCount: bytes(reads + writes), keptByteCount: bytes(kept))
  }

  /// The layout of the first value that is read and of the first that is written.
  static func tag(_ reads: [PlanValue], _ writes: [PlanValue]) -> String {
    let from = reads.first?.layout.tag
    guard let to = writes.first?.layout.tag else { return from ?? "" }
    return from == nil || from == to ? to : "\(from!) → \(to)"
  }

  /// What a step may write over, element by element.
  static func replaceable(
    _ reads: [PlanValue], _ writes: [PlanValue]
  ) -> [(read: Int, write: Int)] {
    var pairs: [(read: Int, write: Int)] = []
    for write in writes {
      for read in reads
      where read.layout == write.layout && read.type.shape == write.type.shape
        && read.type.elementType.size == write.type.elementType.size
        && read.offset == 0 && write.offset == 0
      {
        pairs.append((read.buffer, write.buffer))
      }
    }
    return pairs
  }
}
