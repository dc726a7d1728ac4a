import FoveaTensor

/// How the numbers of one value are distributed: their extremes, and a histogram of their sizes that
/// grows with the largest.
struct Distribution {
  private static let binCount = 2048
  private(set) var lowest: Float = 0
  private(set) var highest: Float = 0
  private var bins = [Double](repeating: 0, count: Distribution.binCount)
  private var binWidth: Float = 0

  /// Adds numbers; those that are not finite have no size and do not count.
  mutating func add(_ value: PlainValue) {
    // Memory may go on behind the numbers.
    let numbers = value.bytes.assumingMemoryBound(to: Float.self)[..<value.type.shape.count]
    for x in numbers where x.isFinite {
      lowest = min(lowest, x)
      highest = max(highest, x)
    }
    let largest = max(-lowest, highest)
    guard largest > 0 else { return }
    if binWidth == 0 { binWidth = largest / Float(Self.binCount - 1) }
    while largest / binWidth >= Float(Self.binCount) { widen() }
    let scale = 1 / binWidth
    bins.withUnsafeMutableBufferPointer { bins in
      for x in numbers where x.isFinite {
        bins[min(Self.binCount - 1, Int(abs(x) * scale))] += 1
      }
    }
  }

  /// Bins of twice the width.
  private mutating func widen() {
    let half = Self.binCount / 2
    for bin in 0..<half { bins[bin] = bins[2 * bin] + bins[2 * bin + 1] }
    for bin in half..<Self.binCount { bins[bin] = 0 }
    binWidth *= 2
  }

  /// What is to be held.
  func range(_ clipping: Calibration.Clipping) -> ClosedRange<Float> {
    let most: Float
    switch clipping {
    case .none: most = max(-lowest, highest)
    case .leastSquares: most = leastSquares()
    case .share(let share): most = limit(keeping: share)
    }
    return max(lowest, -most)...min(highest, most)
  }

  private func limit(keeping share: Double) -> Float {
    let wanted = bins.reduce(0, +) * share
    var sum = 0.0
    for (bin, count) in bins.enumerated() {
      sum += count
      if sum >= wanted { return Float(bin + 1) * binWidth }
    }
    return max(-lowest, highest)
  }

  /// The limit at which the squared errors of cutting off and of rounding sum to the least: a uniform
  /// error of one step has a variance of step² / 12.
  private func leastSquares() -> Float {
    let levels = lowest < 0 ? 127.0 : 255.0
    let largest = max(-lowest, highest)
    var best = (error: Double.infinity, limit: largest)
    // Zeros are exact whatever the step.
    let counts = [0] + bins.dropFirst()
    for percent in stride(from: 100, through: 10, by: -1) {
      let limit = Double(largest) * Double(percent) / 100
      let step = limit / levels
      var error = 0.0
      for (bin, count) in counts.enumerated() where count > 0 {
        let excess = (Double(bin) + 0.5) * Double(binWidth) - limit
        error += count * (excess > 0 ? excess * excess : step * step / 12)
      }
      if error < best.error { best = (error, Float(limit)) }
    }
    return best.limit
  }
}
