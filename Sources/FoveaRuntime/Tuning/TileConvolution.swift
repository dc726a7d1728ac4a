import CKernels
import COneDNN
import FoveaCompiler
import FoveaTensor

/// A convolution by Winograd's algorithm in a kernel of our own; what has pixels is in blocks of
/// channels.
struct TileConvolution {
  private let conv: fk_winograd
  private let hasBias: Bool
  private let isAdding: Bool
  private let limits: (least: Float, most: Float)
  private let isAdjoint: Bool
  private let isFilterPlain: Bool
  /// Bytes of the transformed filter.
  let filterByteCount: Int
  /// Bytes of memory beside the operands, for as many threads as there are now.
  let scratchByteCount: Int

  static let name = "winograd tiles"

  /// What tells transformed filters apart that were made from the same one.
  var filterForm: String { isAdjoint ? "winograd tiles, adjoint" : "winograd tiles" }

  /// `nil` for what the kernel does not compute.
  init?(_ task: ConvolutionTask, _ arrangement: ConvolutionKernel.Arrangement) {
    let geometry = task.geometry
    guard arrangement == .blocked, task.pass != .filter, TileConvolution.canCompute(task),
      let limits = task.activation.limits
    else { return nil }
    let isAdjoint = task.pass == .image
    self.isAdjoint = isAdjoint
    let (source, target) = isAdjoint ? (task.output, task.image) : (task.image, task.output)
    // The gradient's windows reach as far beyond its border as the others left uncovered.
    let low = geometry.low.list.map { Int64(isAdjoint ? 2 - $0 : $0) }
    conv = fk_winograd(
      batch: Int64(source[0]), in: Int64(source[1]), out: Int64(target[1]),
      size: (Int64(source[2]), Int64(source[3])),
      out_size: (Int64(target[2]), Int64(target[3])), low: (low[0], low[1]),
      threads: Int64(fk_threads()), half: task.elementType == .bfloat16 ? 1 : 0)
    hasBias = task.hasBias
    isAdding = task.hasResidual
    self.limits = limits
    isFilterPlain = task.filterComesPlain
    let (filterByteCount, scratchByteCount) = withUnsafePointer(to: conv) {
      (fk_winograd_filter_bytes($0), fk_winograd_scratch($0))
    }
    guard filterByteCount >= 0, scratchByteCount >= 0 else { return nil }
    self.filterByteCount = Int(filterByteCount)
    self.scratchByteCount = Int(scratchByteCount)
  }

  /// Whether windows are 3×3 neighbours, and all numbers of one kind.
  private static func canCompute(_ task: ConvolutionTask) -> Bool {
    let geometry = task.geometry
    return geometry.spatialRank == 2 && geometry.groups == 1
      && [.float32, .bfloat16].contains(task.elementType)
      && task.resultElementType == task.elementType
      && task.filter.extents[2...].allSatisfy { $0 == 3 }
      && [geometry.stride, geometry.dilation].allSatisfy { $0.list == [1, 1] }
      && (geometry.low.list + geometry.high.list).allSatisfy { (0...2).contains($0) }
  }

  /// The layout of an argument.
  func descriptor(
    _ argument: odn_arg, of task: ConvolutionTask
  ) throws(OneDNNError) -> Descriptor {
    let type = task.type(of: argument)
    let block = Int(fk_winograd_lanes())
    switch argument {
    case ODN_ARG_WEIGHTS:
      let rank = type.shape.rank
      let frame =
        isFilterPlain ? BlockFrame(plain: rank) : BlockFrame.filter(rank, block: block)
      return try frame.layout(type).descriptor(of: type)
    case ODN_ARG_BIAS: return try Layout.plain.descriptor(of: type)
    default:
      return try .channelBlocked(
        type.elementType.oneDNN!, type.shape.extents, block: block)
    }
  }

  /// Transforms a filter that lies as `descriptor` says.
  func transform(_ filter: UnsafeMutableRawPointer, to transformed: UnsafeMutableRawPointer) {
    var operand = fk_winograd_filter(
      weights: filter, is_blocked: isFilterPlain ? 0 : 1,
      is_adjoint: isAdjoint ? 1 : 0)
    let status = withUnsafePointer(to: conv) {
      fk_winograd_transform($0, &operand, transformed.assumingMemoryBound(to: Float.self))
    }
    precondition(status == FK_OK, "a filter that was prepared was refused")
  }

  /// Computes it, given what has pixels, the transformed filter, the bias if there is one, the
  /// result, and scratch memory.
  func run(_ memory: (Int) -> UnsafeMutableRawPointer) {
    func floats(_ slot: Int) -> UnsafeMutablePointer<Float> {
      memory(slot).assumingMemoryBound(to: Float.self)
    }
    let result = hasBias ? 3 : 2
    var end = fk_winograd_end(
      bias: hasBias ? UnsafePointer(floats(2)) : nil, is_adding: isAdding ? 1 : 0,
      least: limits.least, most: limits.most)
    let status = withUnsafePointer(to: conv) {
      fk_winograd_run(
        $0, memory(0), floats(1), &end, memory(result), memory(result + 1),
        Int64(scratchByteCount))
    }
    precondition(status == FK_OK, "a convolution that was prepared was refused")
  }
}

/// The same with a slot for each argument, one for the transformed filter and one for scratch memory,
/// so that it can be timed.
final class TileConvolutionCall: BoundCall {
  private let convolution: TileConvolution
  private let isFilterConstant: Bool
  private var slots: [UnsafeMutableRawPointer?]

  init(_ convolution: TileConvolution, slotCount: Int, isFilterConstant: Bool) {
    self.convolution = convolution
    self.isFilterConstant = isFilterConstant
    slots = .init(repeating: nil, count: slotCount)
  }

  func bind(_ slot: Int, _ memory: UnsafeMutableRawPointer) { slots[slot] = memory }

  func run() throws(OneDNNError) {
    let (filter, transformed, scratch) = (1, slots.count - 2, slots.count - 1)
    if !isFilterConstant { convolution.transform(slots[filter]!, to: slots[transformed]!) }
    convolution.run { slot in
      slots[slot == filter ? transformed : slot == transformed ? scratch : slot]!
    }
  }
}

extension ConvolutionTask {
  /// Whether the filter lies row-major and is not to be moved first.
  fileprivate var filterComesPlain: Bool {
    operands.contains { $0.argument == ODN_ARG_WEIGHTS && $0.layout == .plain }
  }
}

extension Activation {
  /// The interval results are moved into, where that is all it does.
  fileprivate var limits: (least: Float, most: Float)? {
    switch self {
    case .none: (-.infinity, .infinity)
    case .relu: (0, .infinity)
    case .clamp(let low, let high): (Float(low), Float(high))
    case .sigmoid, .tanh, .silu, .hardSwish, .hardSigmoid: nil
    }
  }
}
