/// `z = x ? y`, true or false for each pair, with broadcasting.
package struct Comparison: SingleResultOperator {
  package enum Relation: UInt8, Hashable, Sendable, CaseIterable {
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
  }

  package let relation: Relation

  package init(_ relation: Relation) { self.relation = relation }

  package var name: String { "\(relation)" }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2)
    try expectOneElementType(operands)
    return TensorType(try broadcastShape(operands), .bool)
  }

  package func evaluate(_ x: [HostArray], into z: inout HostArray) {
    let left = Broadcast(x[0].shape, to: z.shape)
    let right = Broadcast(x[1].shape, to: z.shape)
    for index in z.scalars.indices {
      let (a, b) = (x[0].scalars[left.source(of: index)], x[1].scalars[right.source(of: index)])
      z.scalars[index] = holds(a, b) ? 1 : 0
    }
  }

  /// Whether the relation holds between two numbers.
  package func holds(_ a: Double, _ b: Double) -> Bool {
    switch relation {
    case .equal: a == b
    case .notEqual: a != b
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    }
  }
}

extension Tensor {
  /// Where both are the same number.
  public func equal(
    _ other: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(Comparison(.equal), self, other, file: file, line: line)
  }

  /// Where they differ, and where one is not a number.
  public func notEqual(
    _ other: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(Comparison(.notEqual), self, other, file: file, line: line)
  }

  public static func .== (x: Tensor, y: Tensor) -> Tensor { .record(Comparison(.equal), x, y) }
  public static func .!= (x: Tensor, y: Tensor) -> Tensor { .record(Comparison(.notEqual), x, y) }
  public static func .< (x: Tensor, y: Tensor) -> Tensor { .record(Comparison(.less), x, y) }
  public static func .<= (x: Tensor, y: Tensor) -> Tensor {
    .record(Comparison(.lessOrEqual), x, y)
  }
  public static func .> (x: Tensor, y: Tensor) -> Tensor { .record(Comparison(.greater), x, y) }
  public static func .>= (x: Tensor, y: Tensor) -> Tensor {
    .record(Comparison(.greaterOrEqual), x, y)
  }
}

extension Tensor {
  public static func .< (x: Tensor, y: some BinaryFloatingPoint) -> Tensor { x .< x.constant(y) }
  public static func .<= (x: Tensor, y: some BinaryFloatingPoint) -> Tensor { x .<= x.constant(y) }
  public static func .> (x: Tensor, y: some BinaryFloatingPoint) -> Tensor { x .> x.constant(y) }
  public static func .>= (x: Tensor, y: some BinaryFloatingPoint) -> Tensor { x .>= x.constant(y) }
  public static func .== (x: Tensor, y: some BinaryFloatingPoint) -> Tensor { x .== x.constant(y) }
  public static func .!= (x: Tensor, y: some BinaryFloatingPoint) -> Tensor { x .!= x.constant(y) }

  /// Where an element is not a number.
  public func isNaN(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    // Only that differs from itself.
    notEqual(self, file: file, line: line)
  }

  /// Where an element is neither infinite nor not a number.
  public func isFinite(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    guard elementType.isFloatingPoint else { return equal(self, file: file, line: line) }
    return absolute(file: file, line: line) .< Double.infinity
  }
}
