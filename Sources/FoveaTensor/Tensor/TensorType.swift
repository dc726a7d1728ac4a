/// What is known of a tensor before it is computed: its shape and its kind of number.
public struct TensorType: Hashable, Sendable, CustomStringConvertible {
  public var shape: Shape
  public var elementType: ElementType

  public init(_ shape: Shape, _ elementType: ElementType = .float32) {
    self.shape = shape
    self.elementType = elementType
  }

  public var rank: Int { shape.rank }

  /// Bytes in plain memory.
  public var byteCount: Int { shape.count * elementType.size }

  public var description: String { "\(elementType)\(shape)" }

  /// The same shape holding another kind of number.
  package func with(_ elementType: ElementType) -> TensorType { TensorType(shape, elementType) }
}

extension TensorType {
  /// Refuses what cannot exist: empty or negative extents, and sizes beyond any memory.
  func validate(_ operation: @autoclosure () -> String) throws(ShapeError) {
    for (axis, extent) in shape.extents.enumerated() where extent < 1 {
      throw ShapeError(
        operation(),
        "would give \(shape): axis \(axis) has \(extent) elements, at least 1 is needed")
    }
    for (axis, extent) in shape.extents.enumerated() where extent > Shape.largestExtent {
      throw ShapeError(
        operation(),
        "would give \(shape): axis \(axis) exceeds the largest extent, \(Shape.largestExtent)")
    }
    guard let count = shape.checkedCount, count <= Shape.largestCount else {
      throw ShapeError(
        operation(),
        "would give \(shape): more than the \(Shape.largestCount) elements of the largest tensor")
    }
  }
}
