/// The sum of the pixels of each window, over how many they are.
///
/// Padding counts as pixels of value 0 when `countsPadding`; what a last window has beyond the
/// padding never counts. A window without pixels gives 0.
package struct AveragePool: SingleResultOperator {
  package let geometry: PoolGeometry
  package let countsPadding: Bool
  /// What to divide by instead of the count.
  package let divisor: Int?

  package init(_ geometry: PoolGeometry, countsPadding: Bool = true, divisor: Int? = nil) {
    self.geometry = geometry
    self.countsPadding = countsPadding
    self.divisor = divisor
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    try expectFloatingPoint(operands)
    if let divisor { try expect(divisor, in: 1...Shape.largestExtent, "divisor") }
    return operands[0].with(shape: try geometry.outputShape(name, image: operands[0].shape))
  }

  package func evaluate(_ operands: [HostArray], into y: inout HostArray) {
    let x = operands[0]
    let windows = geometry.windows(over: x.shape)
    let divisors = divisors(over: x.shape)
    let pixels = x.scalars.count / (x.shape[0] * x.shape[1])
    for plane in 0..<x.shape[0] * x.shape[1] {
      windows.forEachTap { position, _, window in
        y.scalars[plane * windows.count + window] += x.scalars[plane * pixels + position]
      }
    }
    for index in y.scalars.indices { y.scalars[index] /= divisors[index % windows.count] }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    [try .recording(AveragePoolGradient(of: self, image: operands[0].shape), [g])]
  }

  /// What the sum of each window of a plane is divided by.
  package func divisors(over image: Shape) -> [Double] {
    let windows = geometry.windows(over: image)
    if let divisor { return [Double](repeating: Double(divisor), count: windows.count) }
    var divisors = [1.0]
    for axis in 0..<geometry.spatialRank {
      let counts = windows.runs(axis: axis).enumerated().map { window, run in
        countsPadding
          ? geometry.paddedCount(axis: axis, window: window, size: image[axis + 2]) : run.count
      }
      divisors = divisors.flatMap { outer in counts.map { outer * Double(Swift.max($0, 1)) } }
    }
    return divisors
  }
}
