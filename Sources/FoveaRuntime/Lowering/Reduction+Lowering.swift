import CKernels
import FoveaTensor

extension Reduction: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let type = vertex.operandTypes[0]
    guard type.elementType.fitsFloat32 else { return try lowerExactly(vertex, into: plan) }
    if try PlaneMean.lower(self, vertex, into: plan) { return true }
    let gone = Set(axes.map { $0 < 0 ? $0 + type.rank : $0 })
    let own = plan.frame(of: vertex.operands[0])
    for frame in own.isPlain ? [own] : [own, BlockFrame(plain: type.rank)] {
      guard let pieces = ReductionPieces(self, frame, type, gone) else {
        continue
      }
      let source = try plan.value(vertex.operands[0], in: frame)
      emit(pieces, from: source, vertex, into: plan)
      return true
    }
    return false
  }

  private func emit(
    _ pieces: ReductionPieces, from source: PlanValue, _ vertex: LoweringVertex,
    into plan: PlanBuilder
  ) {
    let type = vertex.types[0]
    let target = plan.allocate(vertex.result(0))
    let (from, to) = (BufferPlace(source), BufferPlace(target))
    let isWhole = type.elementType == .float32
    let scratch = isWhole ? nil : plan.scratch(byteCount: type.shape.count * 4)
    let (count, kind) = (Int64(type.shape.count), type.elementType.kernel)
    plan.emit(
      name, kernel: "reduce", reads: [source], writes: [target], scratch: scratch,
      scope: vertex.scope
    ) { memory in
      guard let scratch else { return pieces.run(memory[from], to: memory[to]) }
      let sums = memory[BufferPlace(buffer: scratch)]
      pieces.run(memory[from], to: sums)
      let status = fk_convert(memory[to], kind, sums, FK_F32, count)
      precondition(status == FK_OK, "a reduction's result was refused")
    }
  }
}

/// A reduction as calls of the kernel: one for whole blocks, one for the lanes of a last block that
/// is not full.
private struct ReductionPieces {
  private struct Piece {
    var shape = fk_reduce_shape()
    let sourceOffset: Int
    let targetOffset: Int
  }

  private var pieces: [Piece] = []
  private let reduction: fk_reduction
  private let type: fk_type
  private let count: Int
  /// What sums are multiplied by to be means, where the kernel would count padding, too.
  private var divisor: Float?

  /// - Returns: `nil` when padding would take part in the result.
  init?(_ operation: Reduction, _ frame: BlockFrame, _ operand: TensorType, _ gone: Set<Int>) {
    let (shape, function) = (operand.shape, operation.function)
    let kept = operation.kept(shape)
    let padded = shape.extents.indices.filter { frame.pads($0, shape) }
    var reduction = function.kernel
    if !gone.isDisjoint(with: padded) {
      // Padding is zero, which changes no sum.
      guard function == .sum || function == .mean else { return nil }
      if function == .mean { divisor = Float(shape.count / kept.count) }
      reduction = FK_REDUCE_SUM
    }
    let split = padded.filter { !gone.contains($0) }
    guard split.count <= 1, split.allSatisfy({ frame.isBlockedOnce($0) }) else { return nil }
    self.reduction = reduction
    type = operand.elementType.kernel
    count = kept.count

    var strides = kept.strides
    for axis in gone { strides[axis] = 0 }
    let loops = frame.loops(shape)
    let from = loops.map(\.stride)
    let to = loops.map { strides[$0.axis] * $0.by }
    var whole = loops.map(\.extent)
    if let axis = split.first {
      let block = frame.blockSizes[axis]
      let outer = loops.firstIndex { $0.axis == axis }!
      let inner = loops.lastIndex { $0.axis == axis }!
      whole[outer] -= 1
      var last = whole
      (last[outer], last[inner]) = (1, shape[axis] % block)
      let full = shape[axis] / block
      guard add(last, from, to, full * from[outer], full * to[outer], gone, loops) else {
        return nil
      }
      if full == 0 { return }
    }
    guard add(whole, from, to, 0, 0, gone, loops) else { return nil }
  }

  private mutating func add(
    _ extents: [Int], _ from: [Int], _ to: [Int], _ sourceOffset: Int, _ targetOffset: Int,
    _ gone: Set<Int>, _ loops: [BlockFrame.Loop]
  ) -> Bool {
    // A third column keeps reduced axes and others apart.
    let kinds = loops.map { gone.contains($0.axis) ? 0 : 1 }
    var piece = Piece(sourceOffset: sourceOffset, targetOffset: targetOffset)
    var rows: [(extent: Int, from: Int, to: Int, kind: Int)] = []
    for index in extents.indices where extents[index] != 1 {
      let row = (extents[index], from[index], to[index], kinds[index])
      if let last = rows.last, last.kind == row.3, last.from == row.1 * row.0,
        last.to == row.2 * row.0
      {
        rows[rows.count - 1] = (last.extent * row.0, row.1, row.2, row.3)
      } else {
        rows.append(row)
      }
    }
    guard rows.count <= Int(FK_REDUCE_AXES) else { return false }
    piece.shape.rank = Int32(rows.count)
    for (index, row) in rows.enumerated() where row.kind == 0 {
      piece.shape.reduced |= 1 << UInt32(index)
    }
    Numbers.fill(&piece.shape.extent, rows.map(\.extent))
    Numbers.fill(&piece.shape.from_stride, rows.map(\.from))
    Numbers.fill(&piece.shape.to_stride, rows.map(\.to))
    pieces.append(piece)
    return true
  }

  func run(_ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer) {
    let sums = target.assumingMemoryBound(to: Float.self)
    for piece in pieces {
      let status = withUnsafePointer(to: piece.shape) {
        fk_reduce(
          $0, reduction, sums + piece.targetOffset,
          source + piece.sourceOffset * Int(fk_type_size(type)), type)
      }
      precondition(status == FK_OK, "a reduction that was prepared was refused")
    }
    guard let divisor else { return }
    for index in 0..<count { sums[index] /= divisor }
  }
}

extension Reduction.Function {
  fileprivate var kernel: fk_reduction {
    switch self {
    case .sum: FK_REDUCE_SUM
    case .mean: FK_REDUCE_MEAN
    case .maximum: FK_REDUCE_MAXIMUM
    case .minimum: FK_REDUCE_MINIMUM
    case .product: FK_REDUCE_PRODUCT
    }
  }
}

extension ElementType {
  /// Whether `Float` holds every number of this kind.
  var fitsFloat32: Bool {
    switch self {
    case .float32, .bfloat16, .float16, .int8, .uint8, .bool: true
    case .float64, .int32, .int64: false
    }
  }
}
