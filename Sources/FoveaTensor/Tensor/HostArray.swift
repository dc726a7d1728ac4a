/// Row-major numbers in plain memory, all as `Double`: what the meaning of operators is said in.
public struct HostArray: Sendable, Equatable {
  public let type: TensorType
  public var scalars: [Double]

  /// Numbers of a type, as many as its shape has elements.
  public init(
    _ type: TensorType, _ scalars: [Double], file: StaticString = #fileID, line: UInt = #line
  ) {
    guard type.shape.count == scalars.count else {
      let reason = "shape \(type.shape) needs \(type.shape.count) scalars, got \(scalars.count)"
      refuse(ShapeError("host array", reason), file: file, line: line)
    }
    self.type = type
    self.scalars = scalars
  }

  /// As many zeros as the type has elements.
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
