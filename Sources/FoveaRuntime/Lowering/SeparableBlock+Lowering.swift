import CKernels
import COneDNN
import FoveaCompiler
import FoveaTensor

extension SeparableBlock: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    guard let problem = problem(vertex.operandTypes) else { return false }
    let count = Int(withUnsafePointer(to: problem) { fk_separable_packed($0) })
    let packed = plan.allocate(TensorType([count], .float32), .plain)
    var filters = Operands(self)
    var reads: [PlanValue] = []
    for value in vertex.operands.dropFirst().prefix(filters.count) {
      reads.append(try plan.plain(value))
    }
    filters.bind(reads.map { BufferPlace($0) })
    let to = BufferPlace(packed)
    plan.emit(
      "filters", kernel: "pack", reads: reads, writes: [packed], scope: vertex.scope
    ) { [filters] memory in
      let status = withUnsafePointer(to: problem) { problem in
        withUnsafePointer(to: filters.pointers(memory)) {
          fk_separable_pack(problem, $0, memory.floats(to))
        }
      }
      precondition(status == FK_OK, "filters that were prepared were refused")
    }
    try run(problem, vertex, packed, plan)
    return true
  }

  private func run(
    _ problem: fk_separable, _ vertex: LoweringVertex, _ packed: PlanValue, _ plan: PlanBuilder
  ) throws {
    func blocked(_ type: TensorType) throws -> Layout {
      let descriptor = try Descriptor.channelBlocked(
        type.elementType == .bfloat16 ? ODN_BF16 : ODN_F32, type.shape.extents,
        block: Int(fk_separable_lanes()))
      return Layout(descriptor, of: type)
    }
    let image = try plan.value(vertex.operands[0], as: blocked(vertex.operandTypes[0]))
    var residual: PlanValue?
    if project?.hasResidual == true {
      residual = try plan.value(
        vertex.operands[vertex.operands.count - 1], as: blocked(vertex.types[0]))
    }
    let result = plan.allocate(vertex.result(0), try blocked(vertex.types[0]))
    let byteCount = Int(withUnsafePointer(to: problem) { fk_separable_scratch($0) })
    let scratch = plan.scratch(byteCount: byteCount)
    let (x, w, y) = (BufferPlace(image), BufferPlace(packed), BufferPlace(result))
    let (r, s) = (residual.map { BufferPlace($0) }, BufferPlace(buffer: scratch))
    plan.emit(
      name, kernel: "separable", reads: [image, packed] + (residual.map { [$0] } ?? []),
      writes: [result], scratch: scratch, scope: vertex.scope
    ) { memory in
      let status = withUnsafePointer(to: problem) {
        fk_separable_run(
          $0, memory[x], memory.floats(w), r.map { memory[$0] }, memory[y], memory[s],
          Int64(byteCount))
      }
      precondition(status == FK_OK, "a separable block that was prepared was refused")
    }
  }
}

extension SeparableBlock {
  /// Whether the kernel computes such a block of such numbers.
  func isComputed(_ operands: [TensorType]) -> Bool { problem(operands) != nil }

  private func problem(_ operands: [TensorType]) -> fk_separable? {
    guard let output = try? type(of: operands).shape, output.rank == 4,
      let (isHalf, isWide) = numbers(operands),
      let expanded = (expand?.activation ?? .none).epilogue,
      let filtered = depthwise.activation.epilogue,
      let projected = (project?.activation ?? .none).epilogue
    else { return nil }
    let image = operands[0].shape
    let filter = operands[1 + (expand?.weightCount ?? 0)].shape
    let geometry = depthwise.geometry
    func pair(_ list: ArraySlice<Int>) -> (Int64, Int64) {
      (Int64(list[list.startIndex]), Int64(list[list.startIndex + 1]))
    }
    let problem = fk_separable(
      batch: Int64(image[0]), in: Int64(image[1]), hidden: Int64(filter[0]),
      out: Int64(output[1]), size: pair(image.extents[2...]), out_size: pair(output.extents[2...]),
      kernel: pair(filter.extents[2...]), stride: pair(geometry.stride.list[...]),
      low: pair(geometry.low.list[...]), expands: expand == nil ? 0 : 1,
      projects: project == nil ? 0 : 1, half: isHalf ? 1 : 0, wide: isWide ? 1 : 0,
      expanded: expanded, filtered: filtered, projected: projected)
    return withUnsafePointer(to: problem) { fk_separable_is_valid($0) } != 0 ? problem : nil
  }

  /// Whether the factors are bfloat16, and the result all the same has all bits; `nil` where the
  /// kernel does not know these kinds of number.
  private func numbers(_ operands: [TensorType]) -> (isHalf: Bool, isWide: Bool)? {
    let factor = operands[0].elementType
    guard factor == .float32 || factor == .bfloat16 else { return nil }
    var next = 1
    for stage in stages {
      guard !stage.hasBias || operands[next + 1].elementType == .float32 else { return nil }
      next += stage.weightCount
    }
    let results = stages.map { $0.result ?? factor }
    guard results.dropLast().allSatisfy({ $0 == factor }),
      results.last == factor || results.last == .float32
    else { return nil }
    return (factor == .bfloat16, factor == .bfloat16 && results.last == .float32)
  }

  /// Where the filters and biases of a block are.
  private struct Operands {
    /// Positions among the operands after the image; filter and bias of each convolution.
    private var positions: [(filter: Int, bias: Int?)] = []
    private let hasExpansion: Bool
    private let hasProjection: Bool
    /// How many filters and biases there are.
    private(set) var count = 0
    private var places: [BufferPlace] = []

    init(_ block: SeparableBlock) {
      hasExpansion = block.expand != nil
      hasProjection = block.project != nil
      for stage in block.stages {
        positions.append((count, stage.hasBias ? count + 1 : nil))
        count += stage.hasBias ? 2 : 1
      }
    }

    mutating func bind(_ places: [BufferPlace]) { self.places = places }

    func pointers(_ memory: BufferTable) -> fk_separable_filters {
      func numbers(_ position: Int) -> UnsafeRawPointer {
        UnsafeRawPointer(memory[places[position]])
      }
      func floats(_ position: Int?) -> UnsafePointer<Float>? {
        position.map { UnsafePointer(memory.floats(places[$0])) }
      }
      let depthwise = positions[hasExpansion ? 1 : 0]
      let last = positions[positions.count - 1]
      return fk_separable_filters(
        expand: hasExpansion ? numbers(positions[0].filter) : nil,
        depthwise: numbers(depthwise.filter),
        project: hasProjection ? numbers(last.filter) : nil,
        expand_bias: hasExpansion ? floats(positions[0].bias) : nil,
        depthwise_bias: floats(depthwise.bias),
        project_bias: hasProjection ? floats(last.bias) : nil)
    }
  }
}

extension Activation {
  /// The same for the kernels of separable blocks.
  fileprivate var epilogue: fk_activation? {
    switch self {
    case .none: fk_activation(kind: FK_EPILOGUE_NONE, low: 0, high: 0)
    case .relu: fk_activation(kind: FK_EPILOGUE_CLAMP, low: 0, high: .infinity)
    case .clamp(let low, let high):
      fk_activation(kind: FK_EPILOGUE_CLAMP, low: Float(low), high: Float(high))
    case .silu: fk_activation(kind: FK_EPILOGUE_SILU, low: 0, high: 0)
    case .hardSwish: fk_activation(kind: FK_EPILOGUE_HARD_SWISH, low: 0, high: 0)
    case .sigmoid, .tanh, .hardSigmoid: nil
    }
  }
}
