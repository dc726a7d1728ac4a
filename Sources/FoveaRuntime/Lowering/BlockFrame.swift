import CKernels
import COneDNN
import FoveaCompiler
import FoveaTensor

/// The order of a layout's axes and the blocks inside, apart from any extents: what the parts of a
/// tensor and the whole have in common.
struct BlockFrame: Equatable {
  /// Logical axes, outermost in memory first.
  let order: [Int]
  /// Inner blocks, outermost first.
  private let blocks: [Block]
  /// By logical axis, how many elements its blocks hold together.
  let blockSizes: [Int]

  private struct Block: Equatable {
    let size: Int
    let axis: Int
  }

  /// One loop over memory: `extent` steps, each of `by` elements along a logical axis and `stride`
  /// elements of memory.
  struct Loop {
    let axis: Int
    let by: Int
    let extent: Int
    let stride: Int
  }

  init(plain rank: Int) {
    self = BlockFrame(order: Array(0..<rank), [])
  }

  /// `nil` where memory holds more than elements and the padding of blocks, or under other axes.
  init?(_ layout: Layout, _ shape: Shape) {
    guard case .engine(let descriptor) = layout else {
      self = BlockFrame(plain: shape.rank)
      return
    }
    guard descriptor.dims == shape.extents, descriptor.isDenseInBlocks else { return nil }
    let blocks = descriptor.innerBlocks.map { Block(size: $0.size, axis: $0.axis) }
    self = BlockFrame(order: descriptor.order, blocks)
  }

  /// Images innermost, `[batch / lanes][spatial…][channels][lanes]`, with as many lanes as the
  /// kernels for few channels fill.
  static func lanes(_ rank: Int) -> BlockFrame {
    BlockFrame(
      order: [0] + (2..<rank) + [1], [Block(size: Int(fk_conv_lanes()), axis: 0)])
  }

  /// Filters in blocks of input by output channels, as kernels read them for images in blocks.
  static func filter(_ rank: Int, block: Int) -> BlockFrame {
    BlockFrame(order: Array(0..<rank), [Block(size: block, axis: 1), Block(size: block, axis: 0)])
  }

  private init(order: [Int], _ blocks: [Block]) {
    self.order = order
    self.blocks = blocks
    var sizes = [Int](repeating: 1, count: order.count)
    for block in blocks { sizes[block.axis] *= block.size }
    blockSizes = sizes
  }

  var isPlain: Bool { blocks.isEmpty && order == Array(order.indices) }

  /// This arrangement of a tensor of other extents or another kind of number.
  func layout(_ type: TensorType) throws(OneDNNError) -> Layout {
    guard !isPlain else { return .plain }
    guard let elementType = type.elementType.oneDNNStorage else { throw OneDNNError.noType(type) }
    let (dims, order) = (type.shape.extents.map(Int64.init), order.map(Int64.init))
    let descriptor = Descriptor(
      try OneDNNError.make {
        odn_md_create_blocked(
          elementType, Int32(dims.count), dims, order, Int32(blocks.count),
          blocks.map { Int64($0.size) }, blocks.map { Int64($0.axis) }, $0)
      })
    return Layout(descriptor, of: type)
  }

  /// Whether lanes lie behind the last element of some axis.
  func hasPadding(_ shape: Shape) -> Bool { shape.extents.indices.contains { pads($0, shape) } }

  func pads(_ axis: Int, _ shape: Shape) -> Bool { shape[axis] % blockSizes[axis] != 0 }

  /// Whether an axis is cut by one block alone, so that its lanes are neighbours.
  func isBlockedOnce(_ axis: Int) -> Bool { blocks.filter { $0.axis == axis }.count == 1 }

  /// The loops that visit a tensor's memory in order, padding included.
  func loops(_ shape: Shape) -> [Loop] {
    var extents: [Int] = []
    var steps: [(axis: Int, by: Int)] = []
    for axis in order {
      extents.append((shape[axis] + blockSizes[axis] - 1) / blockSizes[axis])
      steps.append((axis, blockSizes[axis]))
    }
    var rest = blockSizes
    for block in blocks {
      rest[block.axis] /= block.size
      extents.append(block.size)
      steps.append((block.axis, rest[block.axis]))
    }
    let strides = Shape(extents).strides
    return extents.indices.map {
      Loop(axis: steps[$0].axis, by: steps[$0].by, extent: extents[$0], stride: strides[$0])
    }
  }
}

/// A part of a tensor's memory as a nest of loops.
struct MemoryWindow {
  var extents: [Int] = []
  /// In elements; they may be negative.
  var strides: [Int] = []
  /// Of the first element, in elements.
  var offset = 0
}

extension MemoryWindow {
  /// Whether this whole tensor has its elements in the order of a part of another, with nothing in
  /// between.
  func isStretch(of place: MemoryWindow) -> Bool {
    extents == place.extents
      && zip(extents, zip(strides, place.strides)).allSatisfy { $0 == 1 || $1.0 == $1.1 }
  }
}

extension BlockFrame {
  /// Every `step`-th element from `start` on, `size` of them along each axis; a step may be negative.
  ///
  /// - Returns: `nil` when the part does not begin with a whole block.
  func window(_ shape: Shape, start: [Int], size: [Int], step: [Int]) -> MemoryWindow? {
    var window = MemoryWindow()
    for (position, loop) in loops(shape).enumerated() {
      let (axis, block) = (loop.axis, blockSizes[loop.axis])
      if position >= order.count {
        window.extents.append(loop.extent)
        window.strides.append(loop.stride)
        continue
      }
      guard block == 1 || (step[axis] == 1 && start[axis] % block == 0) else { return nil }
      window.extents.append((size[axis] + block - 1) / block)
      window.strides.append(loop.stride * step[axis])
      window.offset += start[axis] / block * loop.stride
    }
    return window
  }

  /// All of a tensor.
  func window(_ shape: Shape) -> MemoryWindow {
    let loops = loops(shape)
    return MemoryWindow(extents: loops.map(\.extent), strides: loops.map(\.stride))
  }
}

extension PlanBuilder {
  /// The arrangement a value has, or row-major where it has none that loops can follow.
  func frame(of value: Graph.Value) -> BlockFrame {
    let shape = graph.type(of: value).shape
    return layout(of: value).flatMap { BlockFrame($0, shape) } ?? BlockFrame(plain: shape.rank)
  }

  /// The value in an arrangement.
  func value(_ value: Graph.Value, in frame: BlockFrame) throws -> PlanValue {
    try self.value(value, as: frame.layout(graph.type(of: value)))
  }

  /// Memory for a result in an arrangement.
  func allocate(_ result: Graph.Value, in frame: BlockFrame) throws -> PlanValue {
    allocate(result, try frame.layout(graph.type(of: result)))
  }
}
