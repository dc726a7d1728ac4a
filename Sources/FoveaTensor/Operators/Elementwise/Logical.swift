/// `z = x ∧ y`, `x ∨ y` or `x ⊕ y`, with broadcasting.
package struct Logical: SingleResultOperator {
  package enum Connective: UInt8, Hashable, Sendable, CaseIterable {
    case and, or, xor
  }

  package let connective: Connective

  package init(_ connective: Connective) { self.connective = connective }

  package var name: String { "logical \(connective)" }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2)
    for operand in operands { try expectBool(operand, "both operands") }
    return TensorType(try broadcastShape(operands), .bool)
  }

  package func evaluate(_ x: [HostArray], into z: inout HostArray) {
    let left = Broadcast(x[0].shape, to: z.shape)
    let right = Broadcast(x[1].shape, to: z.shape)
    for index in z.scalars.indices {
      let a = x[0].scalars[left.source(of: index)] != 0
      let b = x[1].scalars[right.source(of: index)] != 0
      z.scalars[index] = holds(a, b) ? 1 : 0
    }
  }

  /// Whether the connective holds between two truths.
  package func holds(_ a: Bool, _ b: Bool) -> Bool {
    switch connective {
    case .and: a && b
    case .or: a || b
    case .xor: a != b
    }
  }
}

extension Tensor {
  public static func .& (x: Tensor, y: Tensor) -> Tensor { .record(Logical(.and), x, y) }
  public static func .| (x: Tensor, y: Tensor) -> Tensor { .record(Logical(.or), x, y) }
  public static func .^ (x: Tensor, y: Tensor) -> Tensor { .record(Logical(.xor), x, y) }

  /// True where `x` is false.
  public static prefix func .! (x: Tensor) -> Tensor {
    .record(Logical(.xor), x, .record(Fill(1, TensorType([], .bool))))
  }
}
