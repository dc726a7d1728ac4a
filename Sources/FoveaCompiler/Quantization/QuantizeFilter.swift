package import FoveaTensor

/// The filter `[O, …]` in `int8`, each output channel on a scale of its own, and the steps `[O]`.
///
/// The largest number of a channel becomes ±127. A channel of zeros has a step of 1.
///
/// Krishnamoorthi. *Quantizing deep convolutional networks for efficient inference*, 2018.
package struct QuantizeFilter: Operator {
  package init() {}

  package func types(of operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try expect(operands, count: 1)
    guard operands[0].elementType == .float32, operands[0].rank >= 1 else {
      throw ShapeError(name, "takes a float32 filter, got \(operands[0])")
    }
    return [operands[0].with(.int8), TensorType([operands[0].shape[0]], .float32)]
  }

  package func evaluate(_ operands: [HostArray], into results: inout [HostArray]) {
    let filter = operands[0]
    let count = filter.scalars.count / filter.shape[0]
    for channel in 0..<filter.shape[0] {
      let range = channel * count..<(channel + 1) * count
      let numbers = filter.scalars[range].map { $0.isFinite ? Float($0) : 0 }
      let largest = numbers.reduce(0) { max($0, abs($1)) }
      let step = largest / 127 > 0 ? largest / 127 : 1
      results[1].scalars[channel] = Double(step)
      for (index, number) in zip(range, numbers) {
        let steps = max(-127, min(127, number / step))
        results[0].scalars[index] = Double(steps.rounded(.toNearestOrEven))
      }
    }
  }
}
