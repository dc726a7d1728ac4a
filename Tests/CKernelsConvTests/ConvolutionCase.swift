import CKernels

/// A convolution with operands, and its three passes in plain loops.
struct ConvolutionCase: CustomStringConvertible {
  let conv: fk_conv
  let x: [Float]
  let w: [Float]
  let bias: [Float]
  let dy: [Float]

  var description: String {
    "\(conv.batch)×\(conv.in)×\(conv.size.0)×\(conv.size.1) → \(conv.out)×\(conv.out_size.0)"
      + "×\(conv.out_size.1) kernel \(conv.kernel) stride \(conv.stride) low \(conv.low)"
  }

  /// - Parameter number: operands, one after the other.
  init(_ conv: fk_conv, _ number: () -> Float) {
    self.conv = conv
    let (images, outputs) = (conv.batch * conv.in, conv.batch * conv.out)
    x = (0..<images * conv.size.0 * conv.size.1).map { _ in number() }
    w = (0..<conv.out * conv.in * conv.kernel.0 * conv.kernel.1).map { _ in number() }
    bias = (0..<conv.out).map { _ in number() }
    dy = (0..<outputs * conv.out_size.0 * conv.out_size.1).map { _ in number() }
  }

  struct Gradients {
    var dx: [Double]
    var dw: [Double]
    var dbias: [Double]
  }

  /// `max(0, x ∗ w + bias)` and the gradients for `dy`, in `Double`.
  func reference() -> (y: [Double], gradients: Gradients) {
    var y = [Double](repeating: 0, count: dy.count)
    var all = Gradients(
      dx: [Double](repeating: 0, count: x.count), dw: [Double](repeating: 0, count: w.count),
      dbias: [Double](repeating: 0, count: bias.count))
    let (height, width) = (Int(conv.size.0), Int(conv.size.1))
    var at = 0
    for n in 0..<Int(conv.batch) {
      for o in 0..<Int(conv.out) {
        for row in 0..<Int(conv.out_size.0) {
          for column in 0..<Int(conv.out_size.1) {
            var sum = Double(bias[o])
            for k in 0..<Int(conv.in) {
              for ky in 0..<Int(conv.kernel.0) {
                for kx in 0..<Int(conv.kernel.1) {
                  let iy = row * Int(conv.stride.0) + ky - Int(conv.low.0)
                  let ix = column * Int(conv.stride.1) + kx - Int(conv.low.1)
                  guard iy >= 0, iy < height, ix >= 0, ix < width else { continue }
                  let image = ((n * Int(conv.in) + k) * height + iy) * width + ix
                  let tap =
                    ((o * Int(conv.in) + k) * Int(conv.kernel.0) + ky)
                    * Int(conv.kernel.1) + kx
                  sum += Double(x[image]) * Double(w[tap])
                  all.dx[image] += Double(dy[at]) * Double(w[tap])
                  all.dw[tap] += Double(dy[at]) * Double(x[image])
                }
              }
            }
            y[at] = max(0, sum)
            all.dbias[o] += Double(dy[at])
            at += 1
          }
        }
      }
    }
    return (y, all)
  }

  /// The kernels' results: `y`, `dx`, `dw`, `dbias`; row-major, however the kernels were given what
  /// has pixels.
  func results(imageInLanes: Bool = false, outputInLanes: Bool = false) -> [[Float]] {
    var conv = conv
    conv.image_in_lanes = imageInLanes ? 1 : 0
    conv.output_in_lanes = outputInLanes ? 1 : 0
    let images = conv.in * conv.size.0 * conv.size.1
    let outputs = conv.out * conv.out_size.0 * conv.out_size.1
    let (x, dx) = (Pixels(x, perImage: images), Pixels(x, perImage: images))
    let (y, dy) = (Pixels(dy, perImage: outputs), Pixels(dy, perImage: outputs))
    if imageInLanes { x.turn(channels: conv.in) }
    if outputInLanes { dy.turn(channels: conv.out) }
    dx.memory.update(repeating: .nan)
    y.memory.update(repeating: .nan)
    var dw = [Float](repeating: .nan, count: w.count)
    var dbias = [Float](repeating: .nan, count: bias.count)
    for pass in [FK_CONV_FORWARD, FK_CONV_IMAGE, FK_CONV_FILTER] {
      let size = fk_conv_scratch(&conv, pass)
      guard size >= 0, let scratch = fk_allocate(size) else { return [] }
      defer { fk_free(scratch) }
      // What a plan lends holds anything.
      scratch.initializeMemory(as: UInt8.self, repeating: 0xFF, count: Int(size))
      let status =
        switch pass {
        case FK_CONV_FORWARD: fk_conv_forward(&conv, x.start, w, bias, 1, y.start, scratch, size)
        case FK_CONV_IMAGE:
          fk_conv_image_gradient(&conv, dy.start, w, dx.start, scratch, size)
        default:
          fk_conv_filter_gradient(&conv, x.start, dy.start, &dw, &dbias, scratch, size)
        }
      guard status == FK_OK else { return [] }
    }
    if outputInLanes { y.turnBack(channels: conv.out) }
    if imageInLanes { dx.turnBack(channels: conv.in) }
    return [Array(y.memory), Array(dx.memory), dw, dbias]
  }
}

/// Aligned memory for a tensor with pixels.
private final class Pixels {
  let memory: UnsafeMutableBufferPointer<Float>
  private let perImage: Int

  var start: UnsafeMutablePointer<Float> { memory.baseAddress! }

  init(_ values: [Float], perImage: Int64) {
    self.perImage = Int(perImage)
    let raw = fk_allocate(Int64(max(values.count, 1) * 4))!
    memory = .init(
      start: raw.bindMemory(to: Float.self, capacity: values.count), count: values.count)
    _ = memory.initialize(from: values)
  }

  deinit { fk_free(memory.baseAddress) }

  /// From row-major to `[batch / lanes][pixels][channels][lanes]`.
  func turn(channels: Int64) {
    let old = Array(memory)
    visit(Int(channels)) { memory[$1] = old[$0] }
  }

  func turnBack(channels: Int64) {
    let old = Array(memory)
    visit(Int(channels)) { memory[$0] = old[$1] }
  }

  private func visit(_ channels: Int, _ body: (_ rowMajor: Int, _ inLanes: Int) -> Void) {
    let (lanes, pixels) = (Int(fk_conv_lanes()), perImage / channels)
    for n in 0..<memory.count / perImage {
      for k in 0..<channels {
        for p in 0..<pixels {
          let vector = (n / lanes * pixels + p) * channels + k
          body(n * perImage + k * pixels + p, vector * lanes + n % lanes)
        }
      }
    }
  }
}
