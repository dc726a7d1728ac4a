import Foundation

/// `y[c] = x[c] / (k + α/size · Σ x[j]²)^β`, the sum over `size` neighbouring channels, of which
/// `⌊size / 2⌋` come before `c`.
///
/// Krizhevsky, Sutskever, Hinton. *ImageNet classification with deep convolutional neural networks*,
/// 2012; they do not divide α by the size.
package struct LocalResponseNormalization: SingleResultOperator, Decomposable {
  package let size: Int
  package let alpha: Double
  package let beta: Double
  package let k: Double

  package init(size: Int, alpha: Double, beta: Double, k: Double) {
    self.size = size
    self.alpha = alpha
    self.beta = beta
    self.k = k
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    try expectFloatingPoint(operands)
    try expect(size, in: 1...Shape.largestExtent, "size")
    for (value, what) in [(alpha, "alpha"), (beta, "beta"), (k, "k")] where !value.isFinite {
      throw ShapeError(name, "\(what) must be finite, got \(value)")
    }
    try expectChannels(operands[0].shape)
    return operands[0]
  }

  package func evaluate(_ operands: [HostArray], into y: inout HostArray) {
    let x = operands[0].scalars
    let base = bases(operands[0])
    for index in x.indices { y.scalars[index] = x[index] * Foundation.pow(base[index], -beta) }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    [try .recording(LocalResponseNormalizationGradient(of: self), [g, operands[0]])]
  }

  package func decomposed(_ operands: [Tensor]) throws(ShapeError) -> [Tensor] {
    [operands[0] * (try base(operands[0])).power(-beta)]
  }
}

extension LocalResponseNormalization {
  /// Visits every pair of elements `(i, j)` of which `j` is among the neighbours of `i`.
  func forEachNeighbour(of shape: Shape, _ body: (_ i: Int, _ j: Int) -> Void) {
    let channels = shape[1]
    let pixels = shape.count / (shape[0] * channels)
    for image in 0..<shape[0] {
      for c in 0..<channels {
        let neighbours = Swift.max(0, c - size / 2)..<Swift.min(channels, c + (size + 1) / 2)
        for neighbour in neighbours {
          for pixel in 0..<pixels {
            body(
              (image * channels + c) * pixels + pixel,
              (image * channels + neighbour) * pixels + pixel)
          }
        }
      }
    }
  }

  /// `k + α/size · Σ x²` for every element.
  func bases(_ x: HostArray) -> [Double] {
    var base = [Double](repeating: k, count: x.scalars.count)
    forEachNeighbour(of: x.shape) { i, j in
      base[i] += alpha / Double(size) * x.scalars[j] * x.scalars[j]
    }
    return base
  }

  /// The same, recorded: the mean of the squares is an average pool along the channels.
  func base(_ x: Tensor) throws(ShapeError) -> Tensor {
    let mean = try Tensor.recording(
      channelPool, [x.squared().reshaped(to: channelPlanes(of: x.shape))])
    return mean.reshaped(to: x.shape) * alpha + k
  }

  var channelPool: AveragePool {
    AveragePool(
      PoolGeometry(
        kernel: [size, 1], stride: [1, 1], dilation: [1, 1], low: [size / 2, 0],
        high: [(size - 1) / 2, 0]))
  }

  /// `[N, 1, C, pixels]`: channels are rows of a plane.
  func channelPlanes(of shape: Shape) -> Shape {
    [shape[0], 1, shape[1], shape.count / (shape[0] * shape[1])]
  }
}
