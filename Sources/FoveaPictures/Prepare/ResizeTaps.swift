import CPictures

/// Which source positions make an output position when an axis is resized, and with what weights.
///
/// A triangle as wide as the shrinking, so that every source pixel counts; a triangle over two pixels
/// when the axis grows. Weights have 22 binary places, as in Pillow, so that results agree to the bit.
struct ResizeTaps {
  private var first: [Int32] = []
  private var count: [Int32] = []
  private var weights: [Int32] = []
  private let stride: Int

  /// The weights of the `outputs` among `target` positions, made from `source` positions.
  init(from source: Int, to target: Int, outputs: Range<Int>) {
    let scale = Double(source) / Double(target)
    let width = max(scale, 1)
    stride = Int(width.rounded(.up)) * 2 + 1
    weights = [Int32](repeating: 0, count: stride * outputs.count)
    for (row, output) in outputs.enumerated() {
      let center = (Double(output) + 0.5) * scale
      let begin = max(0, Int(center - width + 0.5))
      let end = min(source, Int(center + width + 0.5))
      let raw = (begin..<end).map { position in
        max(0, 1 - abs((Double(position) - center + 0.5) * (1 / width)))
      }
      let sum = raw.reduce(0, +)
      first.append(Int32(begin))
      count.append(Int32(end - begin))
      for (tap, weight) in raw.enumerated() {
        weights[row * stride + tap] = Int32(weight / sum * 4_194_304 + 0.5)
      }
    }
  }

  /// The source positions that are needed at all.
  var sources: Range<Int> {
    let ends = zip(first, count).map { Int($0 + $1) }
    return Int(first.min() ?? 0)..<(ends.max() ?? 0)
  }

  /// The weights as C sees them.
  func withTaps(_ body: (UnsafePointer<cp_taps>) -> Void) {
    unsafe first.withUnsafeBufferPointer { first in
      unsafe count.withUnsafeBufferPointer { count in
        unsafe weights.withUnsafeBufferPointer { weights in
          var taps = unsafe cp_taps(
            first: first.baseAddress, count: count.baseAddress, weights: weights.baseAddress,
            stride: Int64(stride), outputs: Int64(first.count))
          unsafe body(&taps)
        }
      }
    }
  }
}
