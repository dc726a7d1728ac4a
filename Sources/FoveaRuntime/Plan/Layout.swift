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
