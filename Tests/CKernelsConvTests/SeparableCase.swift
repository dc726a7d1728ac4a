import CKernels

/// A separable block with operands, and what it computes in plain loops.
struct SeparableCase: CustomStringConvertible {
  let block: fk_separable
  let hasResidual: Bool
  private let x: [Float]
  private let residual: [Float]
  private let expand: [Float]
  private let depthwise: [Float]
  private let project: [Float]
  private let biases: [[Float]]

  var description: String {
    "\(block.batch)×\(block.in)→\(block.hidden)→\(block.out) of \(block.size) to \(block.out_size), "
      + "kernel \(block.kernel) stride \(block.stride) low \(block.low), expands \(block.expands), "
      + "projects \(block.projects), residual \(hasResidual)"
  }

  /// - Parameter number: operands, one after the other.
  init(_ block: fk_separable, hasResidual: Bool, _ number: () -> Float) {
    func numbers(_ count: Int64) -> [Float] { (0..<count).map { _ in number() } }
    self.block = block
    self.hasResidual = hasResidual
    x = numbers(block.batch * block.in * block.size.0 * block.size.1)
    residual = numbers(block.batch * block.out * block.out_size.0 * block.out_size.1)
    expand = numbers(block.hidden * block.in)
    depthwise = numbers(block.hidden * block.kernel.0 * block.kernel.1)
    project = numbers(block.out * block.hidden)
    biases = [numbers(block.hidden), numbers(block.hidden), numbers(block.out)]
  }

  /// The meaning, row-major, in `Double`.
  func reference() -> [Double] {
    let batch = Int(block.batch)
    let (inputs, hidden, outputs) = (Int(block.in), Int(block.hidden), Int(block.out))
    let (height, width) = (Int(block.size.0), Int(block.size.1))
    let (rows, columns) = (Int(block.out_size.0), Int(block.out_size.1))
    var image = x.map(Double.init)
    if block.expands != 0 {
      image = SeparableCase.pointwise(
        image, batch, inputs, hidden, height * width, expand, biases[0], block.expanded)
    }
    var filtered = [Double](repeating: 0, count: batch * hidden * rows * columns)
    for plane in 0..<batch * hidden {
      let channel = plane % hidden
      for row in 0..<rows {
        for column in 0..<columns {
          var sum = Double(biases[1][channel])
          for i in 0..<Int(block.kernel.0) {
            for j in 0..<Int(block.kernel.1) {
              let y = row * Int(block.stride.0) + i - Int(block.low.0)
              let x = column * Int(block.stride.1) + j - Int(block.low.1)
              guard y >= 0, y < height, x >= 0, x < width else { continue }
              let tap = (channel * Int(block.kernel.0) + i) * Int(block.kernel.1) + j
              sum += image[(plane * height + y) * width + x] * Double(depthwise[tap])
            }
          }
          filtered[(plane * rows + row) * columns + column] = block.filtered.value(sum)
        }
      }
    }
    guard block.projects != 0 else { return filtered }
    return SeparableCase.pointwise(
      filtered, batch, hidden, outputs, rows * columns, project, biases[2], block.projected,
      adding: hasResidual ? residual : nil)
  }

  private static func pointwise(
    _ x: [Double], _ batch: Int, _ inputs: Int, _ outputs: Int, _ pixels: Int, _ w: [Float],
    _ bias: [Float], _ activation: fk_activation, adding residual: [Float]? = nil
  ) -> [Double] {
    var y = [Double](repeating: 0, count: batch * outputs * pixels)
    for n in 0..<batch {
      for o in 0..<outputs {
        for p in 0..<pixels {
          let place = (n * outputs + o) * pixels + p
          var sum = Double(bias[o]) + Double(residual?[place] ?? 0)
          for i in 0..<inputs {
            sum += x[(n * inputs + i) * pixels + p] * Double(w[o * inputs + i])
          }
          y[place] = activation.value(sum)
        }
      }
    }
    return y
  }
}

extension SeparableCase {
  /// What the kernel computes, row-major; `nil` where it refuses, or where lanes beyond the last
  /// channel are not zero.
  func result() -> [Float]? {
    var block = block
    let lanes = Int(fk_separable_lanes())
    let packedCount = fk_separable_packed(&block)
    let scratchBytes = fk_separable_scratch(&block)
    guard packedCount >= 0, scratchBytes >= 0 else { return nil }
    let (pixels, outPixels) = (block.size.0 * block.size.1, block.out_size.0 * block.out_size.1)
    let x = BlockedPixels(x, channels: block.in, pixels: pixels, lanes: lanes)
    let y = BlockedPixels(residual, channels: block.out, pixels: outPixels, lanes: lanes)
    let r = BlockedPixels(residual, channels: block.out, pixels: outPixels, lanes: lanes)
    y.fill(.nan)
    let packed = BlockedPixels(floatCount: Int(packedCount))
    let scratch = BlockedPixels(floatCount: Int(scratchBytes) / 4)
    // What a plan lends holds anything.
    scratch.fill(.nan)
    return expand.withUnsafeBufferPointer { expand in
      depthwise.withUnsafeBufferPointer { depthwise in
        project.withUnsafeBufferPointer { project in
          biases[0].withUnsafeBufferPointer { first in
            biases[1].withUnsafeBufferPointer { second in
              biases[2].withUnsafeBufferPointer { third in
                var filters = fk_separable_filters(
                  expand: expand.baseAddress, expand_bias: first.baseAddress,
                  depthwise: depthwise.baseAddress, depthwise_bias: second.baseAddress,
                  project: project.baseAddress, project_bias: third.baseAddress)
                guard fk_separable_pack(&block, &filters, packed.start) == FK_OK else { return nil }
                let status = fk_separable_run(
                  &block, x.start, packed.start, hasResidual ? r.start : nil, y.start,
                  scratch.start, scratchBytes)
                return status == FK_OK ? y.rowMajor() : nil
              }
            }
          }
        }
      }
    }
  }
}

extension fk_activation {
  func value(_ x: Double) -> Double {
    switch kind {
    case FK_EPILOGUE_CLAMP: min(max(x, Double(low)), Double(high))
    case FK_EPILOGUE_SILU: x / (1 + exponential(-x))
    case FK_EPILOGUE_HARD_SWISH: x * min(max(x + 3, 0), 6) / 6
    default: x
    }
  }
}
