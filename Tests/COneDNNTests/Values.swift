/// Row-major numbers with a shape.
struct Values {
  let shape: [Int64]
  var data: [Float]

  init(_ shape: [Int64], _ data: [Float]) {
    precondition(Int(shape.reduce(1, *)) == data.count)
    self.shape = shape
    self.data = data
  }

  /// Whole numbers from -3 to 3, so that short sums of products are exact in every type.
  static func integers(_ shape: [Int64], seed: UInt64) -> Values {
    var state = seed &+ 1
    let data = (0..<Int(shape.reduce(1, *))).map { _ -> Float in
      Float(Int(next(&state) % 7) - 3)
    }
    return Values(shape, data)
  }

  /// Numbers between -1 and 1.
  static func reals(_ shape: [Int64], seed: UInt64) -> Values {
    var state = seed &+ 1
    let data = (0..<Int(shape.reduce(1, *))).map { _ -> Float in
      Float(next(&state) % 20001) / 10000 - 1
    }
    return Values(shape, data)
  }

  var doubles: [Double] { data.map(Double.init) }

  /// The largest difference, as a fraction of the largest expected magnitude.
  func error(against expected: [Double]) -> Double {
    guard expected.count == data.count else { return .infinity }
    var scale = 1e-30
    var worst = 0.0
    for (found, wanted) in zip(data, expected) {
      scale = max(scale, abs(wanted))
      let difference = abs(Double(found) - wanted)
      worst = difference.isNaN ? .infinity : max(worst, difference)
    }
    return worst / scale
  }
}

private func next(_ state: inout UInt64) -> UInt64 {
  state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
  return state >> 33
}
