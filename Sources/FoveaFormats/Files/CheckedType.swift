import FoveaTensor

/// Sizes that a file claims, multiplied without ever leaving `Int`.
enum CheckedType {
  /// The type, or what is wrong with it in words; a tensor without elements has none.
  enum Outcome {
    case type(TensorType)
    case empty
    case refused(found: String, expected: String)
  }

  static func check(_ extents: [Int], _ elementType: ElementType, _ limits: ReadLimits) -> Outcome {
    guard extents.count <= limits.rank else {
      return .refused(found: "\(extents.count) axes", expected: "at most \(limits.rank)")
    }
    let shape = Shape(extents)
    if let extent = extents.first(where: { $0 < 0 || $0 > Shape.largestExtent }) {
      return .refused(
        found: "shape \(shape)",
        expected: extent < 0 ? "no negative size" : "sizes of at most \(Shape.largestExtent)")
    }
    if extents.contains(0) { return .empty }
    guard let count = shape.checkedCount, count <= Shape.largestCount else {
      return .refused(
        found: "shape \(shape)", expected: "at most \(Shape.largestCount) elements")
    }
    return .type(TensorType(shape, elementType))
  }
}
