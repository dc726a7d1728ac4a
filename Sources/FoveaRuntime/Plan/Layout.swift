import COneDNN
import FoveaTensor

/// How the elements of a value lie in memory.
enum Layout: Hashable {
  /// Row-major, of the value's own element type.
  case plain
  /// As oneDNN describes it.
  case engine(Descriptor)

  func byteCount(_ type: TensorType) -> Int {
    switch self {
    case .plain: type.byteCount
    case .engine(let descriptor): descriptor.byteCount
    }
  }
}

extension Layout: CustomStringConvertible {
  var description: String {
    switch self {
    case .plain: "plain"
    case .engine(let descriptor): "\(descriptor)"
    }
  }
}

extension Layout {
  /// Whether only the library knows where elements lie, as in transformed Winograd filters.
  var isOpaque: Bool {
    guard case .engine(let descriptor) = self else { return false }
    return descriptor.kind == ODN_LAYOUT_OPAQUE
  }
}

extension Layout {
  /// A descriptor as the layout of a tensor: row-major is `plain` only under the tensor's own axes.
  init(_ descriptor: Descriptor, of type: TensorType) {
    let isPlain =
      descriptor.isRowMajor && !descriptor.hasExtra
      && descriptor.elementType == type.elementType.oneDNNStorage
    self = isPlain ? .plain : .engine(descriptor)
  }
}
