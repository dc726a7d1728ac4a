import CKernels
import COneDNN
import FoveaCompiler
import FoveaTensor

/// How a batch of images lies in memory, in the words of the kernels:
/// `[batch][channels / block][spatial…][block]`.
struct ImageLayout: Equatable {
  private enum Channels: Equatable {
    case plain
    case blocked(Int)
    case last
    /// As many images as there are lanes, innermost. To kernels that treat every channel alike these
    /// are channels.
    case lanes(Int)
  }

  private let channels: Channels

  static let plain = ImageLayout(channels: .plain)

  private init(channels: Channels) { self.channels = channels }

  /// `nil` for layouts that the kernels do not read.
  ///
  /// - Parameter lanes: whether the kernels in question do not care which channel is which.
  init?(_ layout: Layout, of shape: Shape, lanes: Bool = false) {
    guard case .engine(let descriptor) = layout else {
      channels = .plain
      return
    }
    guard shape.rank >= 3, descriptor.dims == shape.extents, descriptor.isDenseInBlocks else {
      return nil
    }
    let blocks = descriptor.innerBlocks
    if descriptor.isRowMajor {
      channels = .plain
    } else if blocks.isEmpty, ImageLayout.lies(descriptor, in: shape, block: shape[1]) {
      channels = .last
    } else if blocks.count == 1, blocks[0].axis == 1, [8, 16].contains(blocks[0].size),
      ImageLayout.lies(descriptor, in: shape, block: blocks[0].size)
    {
      channels = .blocked(blocks[0].size)
    } else if lanes, blocks.count == 1, shape[0] % blocks[0].size == 0,
      BlockFrame(layout, shape) == .lanes(shape.rank)
    {
      channels = .lanes(blocks[0].size)
    } else {
      return nil
    }
  }

  /// Whether the strides are those of `[batch][channels / block][spatial…][block]`; an axis that is
  /// never stepped along may have any.
  private static func lies(_ descriptor: Descriptor, in shape: Shape, block: Int) -> Bool {
    let steps = (shape[1] + block - 1) / block
    var strides = [Int](repeating: 0, count: shape.rank)
    var next = block
    for axis in (2..<shape.rank).reversed() {
      strides[axis] = next
      next *= shape[axis]
    }
    strides[1] = descriptor.innerBlocks.isEmpty ? 1 : next
    strides[0] = next * steps
    let counts = descriptor.innerBlocks.isEmpty ? shape.extents[1] : steps
    let own = descriptor.strides
    return shape.extents.indices.allSatisfy { axis in
      own[axis] == strides[axis] || (axis == 1 ? counts : shape[axis]) == 1
    }
  }

  /// The first of the values' layouts that is not row-major and can be kept; else row-major.
  static func preferred(
    _ values: [Graph.Value], in plan: PlanBuilder, lanes: Bool = false
  ) -> ImageLayout {
    for value in values {
      if let layout = plan.layout(of: value),
        let image = ImageLayout(layout, of: plan.graph.type(of: value).shape, lanes: lanes),
        image != .plain
      {
        return image
      }
    }
    return .plain
  }

  /// This order of elements for a tensor `[N, C, spatial…]`.
  func layout(_ type: TensorType) throws(OneDNNError) -> Layout {
    guard channels != .plain else { return .plain }
    guard let elementType = type.elementType.oneDNN else { throw .noType(type) }
    let extents = type.shape.extents
    switch channels {
    case .plain: return .plain
    case .lanes: return try BlockFrame.lanes(type.rank).layout(type)
    case .blocked(let block):
      return Layout(try .channelBlocked(elementType, extents, block: block), of: type)
    case .last:
      var strides = [Int](repeating: 1, count: extents.count)
      var next = extents[1]
      for axis in (2..<extents.count).reversed() {
        strides[axis] = next
        next *= extents[axis]
      }
      strides[0] = next
      return Layout(try .plain(elementType, extents, strides: strides), of: type)
    }
  }

  /// Whether memory holds the elements in row-major order although the layout has another name:
  /// one pixel per image, and no unused lanes.
  func isRowMajor(_ shape: Shape) -> Bool {
    let pixels = shape.extents.dropFirst(2).reduce(1, *)
    switch channels {
    case .plain: return true
    case .blocked(let block): return pixels == 1 && shape[1] % block == 0
    case .last: return pixels == 1 || shape[1] == 1
    case .lanes: return false
    }
  }

  /// What the kernels are told; `shape` has three to five axes.
  func image(_ shape: Shape) -> fk_image {
    image(shape, [Int](repeating: 1, count: 5 - shape.rank) + shape.extents[2...])
  }

  /// The same for kernels that do not ask where a pixel lies; any number of axes will do.
  func flatImage(_ shape: Shape) -> fk_image {
    image(shape, [1, 1, shape.extents.dropFirst(2).reduce(1, *)])
  }

  private func image(_ shape: Shape, _ spatial: [Int]) -> fk_image {
    let (batch, count, block) =
      switch channels {
      case .plain: (shape[0], shape[1], 1)
      case .blocked(let block): (shape[0], shape[1], block)
      case .last: (shape[0], shape[1], shape[1])
      case .lanes(let lanes): (shape[0] / lanes, shape[1] * lanes, shape[1] * lanes)
      }
    return fk_image(
      batch: Int64(batch), channels: Int64(count), block: Int64(block),
      spatial: (Int64(spatial[0]), Int64(spatial[1]), Int64(spatial[2])))
  }
}

extension BufferTable {
  @inline(__always)
  func floats(_ place: BufferPlace) -> UnsafeMutablePointer<Float> {
    self[place].assumingMemoryBound(to: Float.self)
  }

  @inline(__always)
  func floats(_ place: BufferPlace?) -> UnsafeMutablePointer<Float>? {
    place.map { floats($0) }
  }

  @inline(__always)
  func integers(_ place: BufferPlace) -> UnsafeMutablePointer<Int32> {
    self[place].assumingMemoryBound(to: Int32.self)
  }
}
