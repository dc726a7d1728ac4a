/// Row-major numbers in plain memory, all as `Double`: what the meaning of operators is said in.
public struct HostArray: Sendable, Equatable {
  public let type: TensorType
  public var scalars: [Double]

  public init(_ type: TensorType, _ scalars: [Double]) {
    precondition(
      type.shape.count == scalars.count,
      "shape \(type.shape) needs \(type.shape.count) scalars, got \(scalars.count)")
    self.type = type
    self.scalars = scalars
  }

  public init(zeros type: TensorType) {
    self.init(type, [Double](repeating: 0, count: type.shape.count))
  }

  public var shape: Shape { type.shape }

  /// Every number replaced by the nearest that the element type can hold.
  package mutating func roundToElementType() {
    guard type.elementType != .float64 else { return }
    for index in scalars.indices { scalars[index] = type.elementType.rounded(scalars[index]) }
  }
}
