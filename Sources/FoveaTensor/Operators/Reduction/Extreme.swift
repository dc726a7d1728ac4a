/// Where along an axis the largest or smallest element stands; the first of equals, and the first
/// not-a-number before every number.
package struct Extreme: SingleResultOperator {
  package enum Kind: UInt8, Hashable, Sendable, CaseIterable {
    case argmax, argmin
  }

  package let kind: Kind
  package let axis: Int
  package let keepsAxis: Bool

  package init(_ kind: Kind, axis: Int, keepsAxis: Bool) {
    self.kind = kind
    self.axis = axis
    self.keepsAxis = keepsAxis
  }

  package var name: String { "\(kind)" }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    let axis = try resolve(axis: axis, of: operands[0].shape)
    return TensorType(operands[0].shape.reduced([axis], keepsAxes: keepsAxis), .int32)
  }

  package func evaluate(_ x: [HostArray], into y: inout HostArray) {
    let lanes = Lanes(x[0].shape, axis: axis < 0 ? axis + x[0].shape.rank : axis)
    for lane in 0..<lanes.count {
      var best = 0
      var record = x[0].scalars[lanes.start(lane)]
      for (place, position) in lanes.positions(lane).enumerated() {
        let value = x[0].scalars[position]
        let better = kind == .argmax ? value > record : value < record
        guard !record.isNaN, better || value.isNaN else { continue }
        (best, record) = (place, value)
      }
      y.scalars[lane] = Double(best)
    }
  }
}

extension Tensor {
  /// Where along an axis the largest element stands, or in the flattened tensor; as int32.
  public func argmax(
    axis: Int? = nil, keepsAxis: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    extreme(.argmax, axis, keepsAxis, file, line)
  }

  /// Where along an axis the smallest element stands, or in the flattened tensor; as int32.
  public func argmin(
    axis: Int? = nil, keepsAxis: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    extreme(.argmin, axis, keepsAxis, file, line)
  }

  private func extreme(
    _ kind: Extreme.Kind, _ axis: Int?, _ keepsAxis: Bool, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    let subject = axis == nil ? reshaped(to: [shape.count], file: file, line: line) : self
    return .record(
      Extreme(kind, axis: axis ?? 0, keepsAxis: keepsAxis), subject, file: file, line: line)
  }
}
