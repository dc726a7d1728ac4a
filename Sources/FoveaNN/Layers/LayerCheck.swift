import FoveaTensor

/// The refusals that layers share, in one wording.
struct LayerCheck {
  let layer: String

  init(_ layer: String) { self.layer = layer }

  func expect(
    _ value: Int, atLeast lowest: Int = 1, _ what: String
  ) throws(ShapeError) {
    guard (lowest...Shape.largestExtent).contains(value) else {
      throw ShapeError(
        layer, "\(what) must lie between \(lowest) and \(Shape.largestExtent), got \(value)")
    }
  }

  /// As many numbers as there are axes, each within bounds.
  func expect(
    _ extents: Extents, axes: Int?, atLeast lowest: Int = 1, _ what: String
  ) throws(ShapeError) {
    if let axes, extents.rank != 0, extents.rank != axes {
      throw ShapeError(
        layer, "\(what) \(extents) names \(extents.rank) axes, there are \(axes)")
    }
    for value in extents.list { try expect(value, atLeast: lowest, what) }
  }

  func expect(_ padding: Padding, axes: Int?) throws(ShapeError) {
    switch padding {
    case .symmetric(let both): try expect(both, axes: axes, atLeast: 0, "padding")
    case .sides(let low, let high):
      try expect(low, axes: axes, atLeast: 0, "low padding")
      try expect(high, axes: axes, atLeast: 0, "high padding")
    case .same, .full: return
    }
  }

  func expectGroups(
    _ groups: Int, divide channels: (count: Int, what: String)...
  ) throws(ShapeError) {
    try expect(groups, "groups")
    for (count, what) in channels where count % groups != 0 {
      throw ShapeError(layer, "\(groups) groups do not divide \(count) \(what)")
    }
  }

  /// A number that a formula divides by or takes a root of.
  func expect(positive value: Double, _ what: String) throws(ShapeError) {
    guard value.isFinite, value > 0 else {
      throw ShapeError(layer, "\(what) must be positive and finite, got \(value)")
    }
  }

  func expect(
    _ value: Double, in range: ClosedRange<Double>, _ what: String
  ) throws(ShapeError) {
    guard range.contains(value) else {
      throw ShapeError(
        layer, "\(what) must lie between \(range.lowerBound) and \(range.upperBound), got \(value)")
    }
  }
}

extension Padding {
  /// As it is written in a program; `nil` where there is none.
  var words: String? {
    switch self {
    case .symmetric(let both): both.list.allSatisfy { $0 == 0 } ? nil : "\(both)"
    case .sides(let low, let high): ".sides(low: \(low), high: \(high))"
    case .same: ".same"
    case .full: ".full"
    }
  }
}
