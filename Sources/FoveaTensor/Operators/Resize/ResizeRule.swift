/// Which pixels of an image make each pixel of a resized one, and with what weights; the axes are
/// independent of one another.
package struct ResizeRule: Hashable, Sendable {
  package let method: ResizeMethod
  package let coordinates: ResizeCoordinates
  /// Elements of the image per element of the output along each axis, where that is not the ratio
  /// of their extents. Aligned corners know no other.
  package let steps: [Double]?

  package init(
    _ method: ResizeMethod, _ coordinates: ResizeCoordinates = .halfPixel, steps: [Double]? = nil
  ) {
    self.method = method
    self.coordinates = coordinates
    self.steps = steps
  }

  /// The taps along one spatial axis of `size` elements that becomes `output` elements.
  package func taps(axis: Int, size: Int, output: Int) -> ResizeTaps {
    let step = steps?[axis]
    switch method {
    case .nearest:
      return ResizeTaps(
        (0..<output).map { i in
          [(step.map { index(at: Double(i) * $0, .down, size) } ?? i * size / output, 1)]
        })
    case .nearestExact:
      return ResizeTaps(
        (0..<output).map { i in
          [
            (
              step.map { index(at: (Double(i) + 0.5) * $0, .down, size) }
                ?? (2 * i + 1) * size / (2 * output), 1
            )
          ]
        })
    case .rounded(let rounding):
      return ResizeTaps(
        positions(axis, size, output).map { [(index(at: $0, rounding, size), 1)] })
    case .linear:
      return ResizeTaps(
        positions(axis, size, output).map { position in
          let position = Swift.min(Swift.max(position, 0), Double(size - 1))
          let (low, t) = (Int(position), position - position.rounded(.down))
          return [(low, 1 - t), (Swift.min(low + 1, size - 1), t)]
        })
    case .cubic(let a):
      return ResizeTaps(
        positions(axis, size, output).map { position in
          // Beyond two pixels outside, all four taps are the pixel at the edge.
          let position = Swift.min(Swift.max(position, -2), Double(size) + 1)
          let low = Int(position.rounded(.down))
          let t = position - position.rounded(.down)
          return (-1...2).map { tap in
            (
              Swift.min(Swift.max(low + tap, 0), size - 1),
              ResizeRule.cubic(abs(Double(tap) - t), a)
            )
          }
        })
    }
  }

  /// Where every output element lies in the image.
  private func positions(_ axis: Int, _ size: Int, _ output: Int) -> [Double] {
    let step = steps?[axis] ?? Double(size) / Double(output)
    return (0..<output).map { i in
      switch coordinates {
      case .halfPixel: (Double(i) + 0.5) * step - 0.5
      case .alignCorners:
        output == 1 ? 0 : Double(i) * Double(size - 1) / Double(output - 1)
      case .asymmetric: Double(i) * step
      }
    }
  }

  private func index(at position: Double, _ rounding: ResizeRounding, _ size: Int) -> Int {
    let whole =
      switch rounding {
      case .down: position.rounded(.down)
      case .up: position.rounded(.up)
      case .halfDown: (position - 0.5).rounded(.up)
      case .halfUp: (position + 0.5).rounded(.down)
      }
    return Int(Swift.min(Swift.max(whole, 0), Double(size - 1)))
  }

  /// The weight of a pixel at distance `x`, at most 2.
  private static func cubic(_ x: Double, _ a: Double) -> Double {
    x <= 1
      ? ((a + 2) * x - (a + 3)) * x * x + 1
      : ((x - 5) * x + 8) * a * x - 4 * a
  }
}

/// For each output element along one axis, the same number of image elements and their weights.
package struct ResizeTaps: Hashable, Sendable {
  /// How many taps each output element has.
  package let width: Int
  /// Positions in the image, `width` for each output element.
  package let indices: [Int32]
  /// Their weights, in the same order.
  package let weights: [Double]

  /// How many output elements there are.
  package var count: Int { indices.count / width }

  init(_ taps: [[(index: Int, weight: Double)]]) {
    width = taps[0].count
    indices = taps.flatMap { $0.map { Int32($0.index) } }
    weights = taps.flatMap { $0.map(\.weight) }
  }
}
