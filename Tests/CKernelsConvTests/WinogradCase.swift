import CKernels

/// A convolution with 3×3 kernels and its operands, in plain loops and by the kernel.
struct WinogradCase: CustomStringConvertible {
  var conv: fk_winograd
  /// Row-major.
  private(set) var x: [Float]
  private(set) var w: [Float]
  let bias: [Float]
  private(set) var residual: [Float]
  var hasBias = true
  var isAdding = false
  var limits: (least: Float, most: Float) = (-.infinity, .infinity)
  /// How the filter is handed over.
  var isFilterBlocked = false
  /// Whether `w` is the filter of the convolution this one is the gradient of.
  var isAdjoint = false

  var description: String {
    "\(conv.batch)×\(conv.in)×\(conv.size.0)×\(conv.size.1) → \(conv.out)×\(conv.out_size.0)"
      + "×\(conv.out_size.1) low \(conv.low), \(conv.threads) threads"
      + "\(conv.half != 0 ? ", bf16" : ""), \(isFilterBlocked ? "blocked" : "plain")"
      + "\(isAdjoint ? " adjoint" : "")\(hasBias ? " bias" : "")\(isAdding ? " adding" : "")"
      + " \(limits.least)...\(limits.most)"
  }

  /// - Parameter number: operands, one after the other.
  init(_ conv: fk_winograd, _ number: () -> Float) {
    self.conv = conv
    x = (0..<conv.batch * conv.in * conv.size.0 * conv.size.1).map { _ in number() }
    w = (0..<conv.out * conv.in * 9).map { _ in number() }
    bias = (0..<conv.out).map { _ in number() }
    let outputs = conv.batch * conv.out * conv.out_size.0 * conv.out_size.1
    residual = (0..<outputs).map { _ in number() }
  }

  /// Has what it reads and writes be bf16.
  mutating func narrow() {
    conv.half = 1
    x = x.map(\.narrowed)
    w = w.map(\.narrowed)
    residual = residual.map(\.narrowed)
  }

  /// The result in `Double`, row-major.
  func reference() -> [Double] {
    let (inputs, outputs) = (Int(conv.in), Int(conv.out))
    let (height, width) = (Int(conv.size.0), Int(conv.size.1))
    var y: [Double] = []
    y.reserveCapacity(residual.count)
    for n in 0..<Int(conv.batch) {
      for o in 0..<outputs {
        for row in 0..<Int(conv.out_size.0) {
          for column in 0..<Int(conv.out_size.1) {
            var sum = hasBias ? Double(bias[o]) : 0
            for k in 0..<inputs {
              for tap in 0..<9 {
                let iy = row + tap / 3 - Int(conv.low.0)
                let ix = column + tap % 3 - Int(conv.low.1)
                guard iy >= 0, iy < height, ix >= 0, ix < width else { continue }
                let weight =
                  isAdjoint ? w[(k * outputs + o) * 9 + 8 - tap] : w[(o * inputs + k) * 9 + tap]
                sum += Double(x[((n * inputs + k) * height + iy) * width + ix]) * Double(weight)
              }
            }
            if isAdding { sum += Double(residual[y.count]) }
            y.append(min(max(sum, Double(limits.least)), Double(limits.most)))
          }
        }
      }
    }
    return y
  }

  /// What the kernel makes of it.
  struct Result {
    var status: fk_status
    /// Row-major.
    var y: [Float] = []
    /// What the channels hold that fill up the last block.
    var filling: [Float] = []
    /// Whether memory around the result, the scratch memory and the filter is what it was.
    var isAroundUntouched = true
  }

  /// - Parameter missingScratch: bytes of scratch memory that are held back.
  func result(missingScratch: Int64 = 0) -> Result {
    var conv = conv
    let images = guarded(
      blocked(x, Int(conv.batch), Int(conv.in), Int(conv.size.0 * conv.size.1)))
    let outputs = guarded(
      blocked(residual, Int(conv.batch), Int(conv.out), Int(conv.out_size.0 * conv.out_size.1)))
    // No number as one of four bytes, nor as two of two.
    if !isAdding { outputs.fill(Float(bitPattern: 0x7FC0_7FC0)) }
    let weights = guarded(isFilterBlocked ? blockedFilter() : w)
    let transformed = Guarded(byteCount: fk_winograd_filter_bytes(&conv))
    let scratch = Guarded(byteCount: fk_winograd_scratch(&conv))
    var filter = fk_winograd_filter(
      weights: weights.start, is_blocked: isFilterBlocked ? 1 : 0, is_adjoint: isAdjoint ? 1 : 0)
    var status = fk_winograd_transform(&conv, &filter, transformed.start)
    guard status == FK_OK else { return Result(status: status) }
    status = bias.withUnsafeBufferPointer { bias in
      var end = fk_winograd_end(
        bias: hasBias ? bias.baseAddress : nil, is_adding: isAdding ? 1 : 0, least: limits.least,
        most: limits.most)
      return fk_winograd_run(
        &conv, images.start, transformed.start, &end, outputs.start, scratch.start,
        fk_winograd_scratch(&conv) - missingScratch)
    }
    guard status == FK_OK else { return Result(status: status) }
    let (y, filling) = unblocked(conv.half != 0 ? outputs.halves : outputs.values)
    return Result(
      status: status, y: y, filling: filling,
      isAroundUntouched: [images, outputs, weights, transformed, scratch].allSatisfy(\.isIntact))
  }
}

extension WinogradCase {
  private var lanes: Int { Int(fk_winograd_lanes()) }

  private func guarded(_ values: [Float]) -> Guarded {
    conv.half != 0 ? Guarded(halves: values) : Guarded(values)
  }

  /// From row-major to blocks of channels.
  private func blocked(_ values: [Float], _ batch: Int, _ channels: Int, _ pixels: Int) -> [Float] {
    let blocks = (channels + lanes - 1) / lanes
    var to = [Float](repeating: 0, count: batch * blocks * pixels * lanes)
    for n in 0..<batch {
      for k in 0..<channels {
        for p in 0..<pixels {
          to[((n * blocks + k / lanes) * pixels + p) * lanes + k % lanes] =
            values[(n * channels + k) * pixels + p]
        }
      }
    }
    return to
  }

  private func unblocked(_ values: [Float]) -> (values: [Float], filling: [Float]) {
    let (channels, pixels) = (Int(conv.out), Int(conv.out_size.0 * conv.out_size.1))
    let blocks = (channels + lanes - 1) / lanes
    var (found, filling): ([Float], [Float]) = ([], [])
    for n in 0..<Int(conv.batch) {
      for k in 0..<blocks * lanes {
        for p in 0..<pixels {
          let value = values[((n * blocks + k / lanes) * pixels + p) * lanes + k % lanes]
          if k < channels { found.append(value) } else { filling.append(value) }
        }
      }
    }
    return (found, filling)
  }

  /// Blocks of input by output channels, as the library has filters.
  private func blockedFilter() -> [Float] {
    let (outer, inner) = isAdjoint ? (Int(conv.in), Int(conv.out)) : (Int(conv.out), Int(conv.in))
    let blocks = (inner + lanes - 1) / lanes
    var to = [Float](
      repeating: 0, count: (outer + lanes - 1) / lanes * blocks * 9 * lanes * lanes)
    for o in 0..<outer {
      for i in 0..<inner {
        for tap in 0..<9 {
          let block = (o / lanes * blocks + i / lanes) * 9 + tap
          to[(block * lanes + i % lanes) * lanes + o % lanes] = w[(o * inner + i) * 9 + tap]
        }
      }
    }
    return to
  }
}

extension Float {
  /// The nearest bf16, of two the even one.
  fileprivate var narrowed: Float {
    Float(bitPattern: (bitPattern + 0x7FFF + (bitPattern >> 16 & 1)) & 0xFFFF_0000)
  }
}
