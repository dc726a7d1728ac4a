/// An image `[N, C, spatial…]` of other spatial extents: each pixel is a weighted sum of those
/// around its position in the original.
package struct Resize: SingleResultOperator {
  package let rule: ResizeRule
  package let output: Extents

  package init(_ rule: ResizeRule, to output: Extents) {
    self.rule = rule
    self.output = output
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    switch rule.method {
    case .nearest, .nearestExact, .rounded: break
    case .linear: try expectFloatingPoint(operands)
    case .cubic(let coefficient):
      try expectFloatingPoint(operands)
      guard coefficient.isFinite else {
        throw ShapeError(name, "the cubic's coefficient must be finite, got \(coefficient)")
      }
    }
    let shape = try adaptedShape(operands[0].shape, to: output)
    if let steps = rule.steps {
      guard steps.count == output.rank, steps.allSatisfy({ $0.isFinite && $0 > 0 }) else {
        throw ShapeError(
          name, "takes one positive step for each of \(output.rank) spatial axes, got \(steps)")
      }
    }
    return operands[0].with(shape: shape)
  }

  package func evaluate(_ operands: [HostArray], into y: inout HostArray) {
    let x = operands[0]
    rule.forEachTap(image: x.shape, output: y.shape) { pixel, target, weight in
      y.scalars[target] += weight * x.scalars[pixel]
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    guard operands[0].elementType.isFloatingPoint else { return [nil] }
    return [try .recording(ResizeAdjoint(rule, image: operands[0].shape), [g])]
  }
}

extension ResizeRule {
  /// Visits every pair of pixels that meet, with the weight of one in the other.
  func forEachTap(
    image: Shape, output: Shape, _ body: (_ pixel: Int, _ target: Int, _ weight: Double) -> Void
  ) {
    let rank = image.rank - 2
    // Missing axes are axes of extent 1 in front.
    let one = ResizeTaps([[(0, 1)]])
    let missing = 3 - rank
    var taps = [ResizeTaps](repeating: one, count: missing)
    for axis in 0..<rank {
      taps.append(self.taps(axis: axis, size: image[axis + 2], output: output[axis + 2]))
    }
    let size = [Int](repeating: 1, count: missing) + image.extents[2...]
    let (a, b, c) = (taps[0], taps[1], taps[2])
    let pixels = size[0] * size[1] * size[2]
    var target = 0
    for plane in 0..<image[0] * image[1] {
      for i in 0..<a.count {
        for j in 0..<b.count {
          for k in 0..<c.count {
            for p in i * a.width..<(i + 1) * a.width {
              for q in j * b.width..<(j + 1) * b.width {
                let row = (Int(a.indices[p]) * size[1] + Int(b.indices[q])) * size[2]
                let weight = a.weights[p] * b.weights[q]
                for r in k * c.width..<(k + 1) * c.width {
                  body(
                    plane * pixels + row + Int(c.indices[r]), target, weight * c.weights[r])
                }
              }
            }
            target += 1
          }
        }
      }
    }
  }
}
