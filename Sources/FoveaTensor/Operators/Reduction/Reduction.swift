/// One number in place of many, along some axes.
package struct Reduction: SingleResultOperator {
  package enum Function: UInt8, Hashable, Sendable, CaseIterable {
    case sum, mean, maximum, minimum, product
  }

  package let function: Function
  /// Which axes disappear; they may be named from the end.
  package let axes: [Int]
  /// Whether they stay behind with extent 1.
  package let keepsAxes: Bool

  package init(_ function: Function, axes: [Int], keepsAxes: Bool) {
    self.function = function
    self.axes = axes
    self.keepsAxes = keepsAxes
  }

  package var name: String { "\(function)" }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    // The largest of truths is whether any holds, the smallest whether all do.
    guard operands[0].elementType != .bool || function == .maximum || function == .minimum else {
      throw ShapeError(name, "takes numbers, got \(operands[0]); cast it first")
    }
    if function == .mean { try expectFloatingPoint(operands) }
    let axes = try resolve(axes: axes, of: operands[0].shape)
    return operands[0].with(shape: operands[0].shape.reduced(axes, keepsAxes: keepsAxes))
  }

  package func evaluate(_ x: [HostArray], into y: inout HostArray) {
    let wide = x[0].shape
    let map = Broadcast(kept(wide), to: wide)
    let start: Double =
      switch function {
      case .sum, .mean: 0
      case .maximum: -.infinity
      case .minimum: .infinity
      case .product: 1
      }
    for index in y.scalars.indices { y.scalars[index] = start }
    for (index, value) in x[0].scalars.enumerated() {
      let target = map.source(of: index)
      let before = y.scalars[target]
      y.scalars[target] =
        switch function {
        case .sum, .mean: before + value
        case .maximum: Binary(.maximum).value(before, value)
        case .minimum: Binary(.minimum).value(before, value)
        case .product: before * value
        }
    }
    if function == .mean {
      let count = Double(wide.count / y.shape.count)
      for index in y.scalars.indices { y.scalars[index] /= count }
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result y: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    let x = operands[0]
    guard x.elementType.isFloatingPoint else { return [nil] }
    let kept = kept(x.shape)
    let g = g.reshaped(to: kept)
    switch function {
    case .sum: return [g.expanded(to: x.shape)]
    case .mean:
      return [(g * (Double(kept.count) / Double(x.shape.count))).expanded(to: x.shape)]
    case .maximum, .minimum:
      // All elements that attain the extreme share its gradient.
      let hits = x.equal(y.reshaped(to: kept)).cast(to: x.elementType)
      let count = hits.summed(to: kept)
      return [hits * (g / count)]
    case .product:
      return [try .recording(ProductGradient(axes: axes), [g, x])]
    }
  }

  /// The operand's shape with the reduced axes at extent 1.
  package func kept(_ shape: Shape) -> Shape {
    shape.reduced(axes.map { $0 < 0 ? $0 + shape.rank : $0 }, keepsAxes: true)
  }
}

extension Shape {
  package func reduced(_ axes: [Int], keepsAxes: Bool) -> Shape {
    Shape(
      extents.indices.compactMap { axis in
        axes.contains(axis) ? (keepsAxes ? 1 : nil) : extents[axis]
      })
  }
}

extension TensorType {
  package func with(shape: Shape) -> TensorType { TensorType(shape, elementType) }
}
