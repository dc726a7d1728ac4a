import CKernels

/// A geometry of pooling and its meaning, in plain loops.
struct PoolCase {
  let layout: Layout
  let out: [Int]
  let kernel: [Int]
  let stride: [Int]
  let dilation: [Int]
  let low: [Int]
  let high: [Int]

  var pool: fk_pool {
    fk_pool(
      image: layout.image, out: triple(out), kernel: triple(kernel), stride: triple(stride),
      dilation: triple(dilation), low: triple(low), high: triple(high))
  }

  var outLayout: Layout { layout.with(spatial: out) }

  static func random(_ numbers: inout Numbers, axes: Int) -> PoolCase {
    let layout = Layout.random(&numbers, largest: axes == 3 ? 7 : 40 / axes, axes: axes)
    var out = [1, 1, 1]
    var kernel = [1, 1, 1]
    var stride = [1, 1, 1]
    var dilation = [1, 1, 1]
    var low = [0, 0, 0]
    var high = [0, 0, 0]
    for axis in 3 - axes..<3 {
      kernel[axis] = numbers.integer(1...4)
      stride[axis] = numbers.integer(1...3)
      dilation[axis] = numbers.pick([1, 1, 2, 3])
      low[axis] = numbers.integer(0...3)
      high[axis] = numbers.integer(0...2)
      let reach = (kernel[axis] - 1) * dilation[axis] + 1
      let room = layout.spatial[axis] + low[axis] + high[axis] - reach
      // One more than fits now and then, as rounding up gives.
      out[axis] = max(1, room / stride[axis] + 1 + numbers.integer(0...1))
    }
    return PoolCase(
      layout: layout, out: out, kernel: kernel, stride: stride, dilation: dilation, low: low,
      high: high)
  }

  static func square(
    batch: Int, channels: Int, block: Int, size: Int, kernel: Int, stride: Int, padding: Int
  ) -> PoolCase {
    let out = (size + 2 * padding - kernel) / stride + 1
    return PoolCase(
      layout: Layout(batch: batch, channels: channels, block: block, spatial: [1, size, size]),
      out: [1, out, out], kernel: [1, kernel, kernel], stride: [1, stride, stride],
      dilation: [1, 1, 1], low: [0, padding, padding], high: [0, padding, padding])
  }

  /// Positions in the plane of the elements of each window, in scan order.
  func windows() -> [[Int]] {
    var result: [[Int]] = []
    forEachPosition(out) { o in
      var window: [Int] = []
      forEachPosition(kernel) { k in
        let at = (0..<3).map { o[$0] * stride[$0] - low[$0] + k[$0] * dilation[$0] }
        if (0..<3).allSatisfy({ at[$0] >= 0 && at[$0] < layout.spatial[$0] }) {
          window.append((at[0] * layout.spatial[1] + at[1]) * layout.spatial[2] + at[2])
        }
      }
      result.append(window)
    }
    return result
  }

  /// What each window's sum is divided by.
  func divisors(_ rule: fk_divisor, fixed: Double) -> [Double] {
    if rule == FK_DIVISOR_FIXED { return windows().map { _ in fixed } }
    if rule == FK_DIVISOR_VALID { return windows().map { Double($0.count) } }
    var result: [Double] = []
    forEachPosition(out) { o in
      var product = 1
      for axis in 0..<3 {
        product *=
          (0..<kernel[axis]).filter {
            o[axis] * stride[axis] - low[axis] + $0 * dilation[axis]
              < layout.spatial[axis] + high[axis]
          }.count
      }
      result.append(Double(product))
    }
    return result
  }
}

func forEachPosition(_ size: [Int], _ body: ([Int]) -> Void) {
  for a in 0..<size[0] {
    for b in 0..<size[1] {
      for c in 0..<size[2] { body([a, b, c]) }
    }
  }
}
