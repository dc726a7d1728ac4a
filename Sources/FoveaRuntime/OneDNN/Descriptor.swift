import COneDNN
import FoveaTensor

/// A memory layout as oneDNN describes it; a value, compared by what it says.
final class Descriptor: @unchecked Sendable {
  /// Owned; never changed after it was made.
  let pointer: OpaquePointer

  /// Takes ownership of `pointer`.
  init(_ pointer: OpaquePointer) { self.pointer = pointer }

  deinit { odn_md_destroy(pointer) }

  /// Row-major, or with the given strides.
  static func plain(
    _ type: odn_type, _ dims: [Int], strides: [Int]? = nil
  ) throws(OneDNNError) -> Descriptor {
    let dims = dims.map(Int64.init)
    let strides = strides?.map(Int64.init)
    return Descriptor(
      try OneDNNError.make { odn_md_create(type, Int32(dims.count), dims, strides, $0) })
  }

  /// Left to the primitive that is asked.
  static func any(_ type: odn_type, _ dims: [Int]) throws(OneDNNError) -> Descriptor {
    let dims = dims.map(Int64.init)
    return Descriptor(try OneDNNError.make { odn_md_create_any(type, Int32(dims.count), dims, $0) })
  }

  static func channelBlocked(
    _ type: odn_type, _ dims: [Int], block: Int
  ) throws(OneDNNError) -> Descriptor {
    let dims = dims.map(Int64.init)
    return Descriptor(
      try OneDNNError.make {
        odn_md_create_channel_blocked(type, Int32(dims.count), dims, Int64(block), $0)
      })
  }

  /// Row-major with the channels moved to the end.
  static func channelsLast(_ type: odn_type, _ dims: [Int]) throws(OneDNNError) -> Descriptor {
    let dims = dims.map(Int64.init)
    return Descriptor(
      try OneDNNError.make { odn_md_create_channels_last(type, Int32(dims.count), dims, $0) })
  }

  var byteCount: Int { odn_md_size(pointer) }
  var elementType: odn_type { odn_md_type(pointer) }
  var kind: odn_layout { odn_md_layout(pointer) }
  var rank: Int { Int(odn_md_rank(pointer)) }
  var dims: [Int] { numbers(odn_md_dims) }
  var paddedDims: [Int] { numbers(odn_md_padded_dims) }
  var strides: [Int] { numbers(odn_md_strides) }
  var order: [Int] { numbers(odn_md_order) }
  var hasPadding: Bool { odn_md_has_padding(pointer) != 0 }
  var hasExtra: Bool { odn_md_has_extra(pointer) != 0 }

  /// Inner blocks, outermost first.
  var innerBlocks: [(size: Int, axis: Int)] {
    var sizes = [Int64](repeating: 0, count: Int(ODN_MAX_RANK))
    var axes = sizes
    let count = Int(odn_md_inner_blocks(pointer, &sizes, &axes))
    return (0..<count).map { (Int(sizes[$0]), Int(axes[$0])) }
  }

  /// Whether this is row-major without holes.
  var isRowMajor: Bool {
    kind == ODN_LAYOUT_PLAIN && strides == Shape(dims).strides && !hasPadding
  }

  /// Whether memory holds elements and the padding of blocks, and nothing else, so that work on
  /// single elements may go through it in its own order.
  var isDenseInBlocks: Bool {
    switch kind {
    case ODN_LAYOUT_PLAIN: odn_md_is_dense(pointer) != 0
    case ODN_LAYOUT_BLOCKED:
      !hasExtra && byteCount == paddedDims.reduce(1, *) * elementType.byteCount
    default: false
    }
  }

  /// The same layout for another kind of number.
  func retyped(_ type: ElementType) throws(OneDNNError) -> Descriptor {
    guard let wanted = type.oneDNNStorage else {
      throw .noType(TensorType(Shape(dims), type))
    }
    if wanted == elementType { return self }
    let blocks = innerBlocks
    let (dims, order) = (dims.map(Int64.init), order.map(Int64.init))
    return Descriptor(
      try OneDNNError.make {
        odn_md_create_blocked(
          wanted, Int32(dims.count), dims, order, Int32(blocks.count),
          blocks.map { Int64($0.size) }, blocks.map { Int64($0.axis) }, $0)
      })
  }

  private func numbers(_ read: (OpaquePointer?, UnsafeMutablePointer<Int64>?) -> Void) -> [Int] {
    var result = [Int64](repeating: 0, count: Int(ODN_MAX_RANK))
    read(pointer, &result)
    return result[..<rank].map(Int.init)
  }
}

extension Descriptor: Hashable {
  static func == (left: Descriptor, right: Descriptor) -> Bool {
    left === right || odn_md_equal(left.pointer, right.pointer) != 0
  }

  func hash(into hasher: inout Hasher) { hasher.combine(odn_md_hash(pointer)) }
}

extension Descriptor: CustomStringConvertible {
  var description: String {
    var text = [CChar](repeating: 0, count: 160)
    odn_md_text(pointer, &text, Int32(text.count))
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

extension ElementType {
  /// oneDNN's name for this kind of number; `nil` where it has none.
  var oneDNN: odn_type? {
    switch self {
    case .float32: ODN_F32
    case .bfloat16: ODN_BF16
    case .float16: ODN_F16
    case .int8: ODN_S8
    case .uint8: ODN_U8
    case .int32: ODN_S32
    case .float64, .int64, .bool: nil
    }
  }
}

extension ElementType {
  /// The kind of number oneDNN may move in its place: truths are bytes to it.
  var oneDNNStorage: odn_type? { self == .bool ? ODN_U8 : oneDNN }
}

extension odn_type {
  var byteCount: Int {
    switch self {
    case ODN_F32, ODN_S32: 4
    case ODN_BF16, ODN_F16: 2
    default: 1
    }
  }
}
