/// How much is added around an image before a window slides over it.
///
///     .valid              nothing
///     1, [1, 2]           the same before and after, per axis
///     .same               as much as gives ⌈size / stride⌉ positions, the odd one behind
///     .full               as much as lets one element meet the window: effective kernel − 1
///     .sides(low:high:)   what you say
public enum Padding: Hashable, Sendable {
  case symmetric(Extents)
  case sides(low: Extents, high: Extents)
  case same
  case full

  public static var valid: Padding { .symmetric(0) }
}

extension Padding: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int) { self = .symmetric(Extents(value)) }
}

extension Padding: ExpressibleByArrayLiteral {
  public init(arrayLiteral list: Int...) { self = .symmetric(Extents(list)) }
}

extension Padding {
  /// The numbers for windows of `kernel` over an image of spatial extents `size`.
  package func sides(
    _ operation: String, size: [Int], kernel: [Int], stride: Extents, dilation: Extents
  ) throws(ShapeError) -> (low: Extents, high: Extents) {
    let rank = size.count
    switch self {
    case .symmetric(let both):
      let both = try both.spread(over: rank, operation, "padding")
      return (both, both)
    case .sides(let low, let high):
      return (
        try low.spread(over: rank, operation, "low padding"),
        try high.spread(over: rank, operation, "high padding")
      )
    case .same, .full:
      var low = try Extents(0).spread(over: rank, operation, "padding")
      var high = low
      for axis in 0..<rank {
        // Checked by the window afterwards; here only against arithmetic overflow.
        guard (1...Shape.largestExtent).contains(stride[axis]),
          (1...Shape.largestExtent).contains(dilation[axis]),
          (1...Shape.largestExtent).contains(kernel[axis]),
          (1...Shape.largestExtent).contains(size[axis])
        else { continue }
        let reach = dilation[axis] * (kernel[axis] - 1)
        let total: Int
        if case .same = self {
          let positions = (size[axis] + stride[axis] - 1) / stride[axis]
          total = Swift.max(0, (positions - 1) * stride[axis] + reach + 1 - size[axis])
        } else {
          total = 2 * reach
        }
        low[axis] = total / 2
        high[axis] = total - total / 2
      }
      return (low, high)
    }
  }
}

extension Extents {
  package func spread(
    over rank: Int, _ operation: String, _ what: String
  ) throws(ShapeError) -> Extents {
    guard let result = spread(over: rank) else {
      throw ShapeError(
        operation, "\(what) \(self) names \(self.rank) axes, the image has \(rank) spatial axes")
    }
    return result
  }

  /// Refuses numbers that no window can be computed with.
  package func expect(
    atLeast lowest: Int, _ operation: String, _ what: String
  ) throws(ShapeError) {
    for (axis, value) in list.enumerated()
    where !(lowest...Shape.largestExtent).contains(value) {
      throw ShapeError(
        operation,
        "\(what) must lie between \(lowest) and \(Shape.largestExtent), got \(value) on axis \(axis)"
      )
    }
  }
}
