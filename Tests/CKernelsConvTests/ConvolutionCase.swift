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

  /// The kernels' results: `y`, `dx`, `dw`, `dbias`.
  func results() -> [[Float]] {
    var y = [Float](repeating: .nan, count: dy.count)
    var dx = [Float](repeating: .nan, count: x.count)
    var dw = [Float](repeating: .nan, count: w.count)
    var dbias = [Float](repeating: .nan, count: bias.count)
    var conv = conv
    for pass in [FK_CONV_FORWARD, FK_CONV_IMAGE, FK_CONV_FILTER] {
      let size = fk_conv_scratch(&conv, pass)
      guard size >= 0, let scratch = fk_allocate(size) else { return [] }
      defer { fk_free(scratch) }
      // What a plan lends holds anything.
      scratch.initializeMemory(as: UInt8.self, repeating: 0xFF, count: Int(size))
      let status =
        switch pass {
        case FK_CONV_FORWARD: fk_conv_forward(&conv, x, w, bias, 1, &y, scratch, size)
        case FK_CONV_IMAGE: fk_conv_image_gradient(&conv, dy, w, &dx, scratch, size)
        default: fk_conv_filter_gradient(&conv, x, dy, &dw, &dbias, scratch, size)
        }
      guard status == FK_OK else { return [] }
    }
    return [y, dx, dw, dbias]
  }
}
