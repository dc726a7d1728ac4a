import CKernels

/// A separable block with operands, and what it computes in plain loops.
struct SeparableCase: CustomStringConvertible {
  let block: fk_separable
  let hasResidual: Bool
  let x: [Float]
  let residual: [Float]
  let expand: [Float]
  let depthwise: [Float]
  let project: [Float]
  let biases: [[Float]]

  var description: String {
    "\(block.batch)×\(block.in)→\(block.hidden)→\(block.out) of \(block.size) to \(block.out_size), "
      + "kernel \(block.kernel) stride \(block.stride) low \(block.low), expands \(block.expands), "
      + "projects \(block.projects), residual \(hasResidual), half \(block.half), "
      + "wide \(block.wide)"
  }

  var isHalf: Bool { block.half != 0 }
  var isResultHalf: Bool { isHalf && block.wide == 0 }

  /// - Parameter number: operands, one after the other; rounded where the block wants bf16.
  init(_ block: fk_separable, hasResidual: Bool, _ number: () -> Float) {
    let (isHalf, isWide) = (block.half != 0, block.wide != 0)
    func numbers(_ count: Int64, isHalf: Bool) -> [Float] {
      (0..<count).map { _ in isHalf ? number().roundedToHalf : number() }
    }
    self.block = block
    self.hasResidual = hasResidual
    x = numbers(block.batch * block.in * block.size.0 * block.size.1, isHalf: isHalf)
    residual = numbers(
      block.batch * block.out * block.out_size.0 * block.out_size.1, isHalf: isHalf && !isWide)
    expand = numbers(block.hidden * block.in, isHalf: isHalf)
    depthwise = numbers(block.hidden * block.kernel.0 * block.kernel.1, isHalf: isHalf)
    project = numbers(block.out * block.hidden, isHalf: isHalf)
    biases = [block.hidden, block.hidden, block.out].map { numbers($0, isHalf: false) }
  }

  /// The same of the sizes of all numbers, and without activations, which make nothing larger.
  private init(sizesOf other: SeparableCase) {
    let none = fk_activation(kind: FK_EPILOGUE_NONE, low: 0, high: 0)
    var block = other.block
    (block.expanded, block.filtered, block.projected) = (none, none, none)
    self.block = block
    hasResidual = other.hasResidual
    x = other.x.map(abs)
    residual = other.residual.map(abs)
    expand = other.expand.map(abs)
    depthwise = other.depthwise.map(abs)
    project = other.project.map(abs)
    biases = other.biases.map { $0.map(abs) }
  }

  /// The meaning, row-major, in `Double`; rounded to bf16 where the kernel does so.
  func reference() -> [Double] {
    var filtered = filtered()
    func round(_ values: [Double]) -> [Double] { values.map { Double(Float($0).roundedToHalf) } }
    if isHalf, block.projects != 0 { filtered = round(filtered) }
    let y = projected(filtered)
    return isResultHalf ? round(y) : y
  }

  /// The meaning without roundings, and how far from it each number may be with all of them.
  ///
  /// A sum of `n` terms in `Float` is wrong by at most `n` · 2⁻²⁴ of the sum of their sizes, a number
  /// rounded to bf16 by 2⁻⁸ of itself, and no activation is steeper than 1.5.
  func boundedReference() -> (values: [Double], bounds: [Double]) {
    let filtered = filtered()
    let y = projected(filtered)
    let sizes = SeparableCase(sizesOf: self)
    let terms = Double(block.in + block.kernel.0 * block.kernel.1 + block.hidden + 16)
    var bounds = sizes.projected(sizes.filtered()).map { 3.4 * terms * 0x1p-24 * $0 }
    if block.projects != 0 {
      let rounded = SeparableCase.pointwise(
        filtered.map(abs), Int(block.batch), Int(block.hidden), Int(block.out), outPixels,
        sizes.project, [Float](repeating: 0, count: Int(block.out)), sizes.block.projected)
      bounds = zip(bounds, rounded).map { $0 + 1.5 * 0x1p-8 * $1 }
    }
    if isResultHalf { bounds = zip(bounds, y).map { 1.01 * $0 + 0x1p-8 * abs($1) } }
    return (y, bounds.map { 1.01 * $0 })
  }

  private var outPixels: Int { Int(block.out_size.0 * block.out_size.1) }

  /// The result of the depthwise convolution.
  private func filtered() -> [Double] {
    let batch = Int(block.batch)
    let (inputs, hidden) = (Int(block.in), Int(block.hidden))
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
    return filtered
  }

  private func projected(_ filtered: [Double]) -> [Double] {
    guard block.projects != 0 else { return filtered }
    return SeparableCase.pointwise(
      filtered, Int(block.batch), Int(block.hidden), Int(block.out), outPixels, project, biases[2],
      block.projected, adding: hasResidual ? residual : nil)
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
