import Testing

/// A convolution's geometry and its meaning in loops.
struct ConvolutionCase: CustomTestStringConvertible {
  let name: String
  let batch: Int
  let channels: (input: Int, output: Int)
  let input: [Int]
  let kernel: [Int]
  var groups = 1
  var strides: [Int]?
  var dilations: [Int]?
  var low: [Int]?
  var high: [Int]?

  var testDescription: String { name }

  var stride: [Int] { strides ?? input.map { _ in 1 } }
  var dilation: [Int] { dilations ?? input.map { _ in 1 } }
  var paddingLow: [Int] { low ?? input.map { _ in 0 } }
  var paddingHigh: [Int] { high ?? paddingLow }

  var output: [Int] {
    input.indices.map { axis in
      let reach = dilation[axis] * (kernel[axis] - 1) + 1
      return (input[axis] + paddingLow[axis] + paddingHigh[axis] - reach) / stride[axis] + 1
    }
  }

  var sourceShape: [Int64] { ([batch, channels.input] + input).map(Int64.init) }
  var resultShape: [Int64] { ([batch, channels.output] + output).map(Int64.init) }
  var weightShape: [Int64] {
    ([channels.output, channels.input / groups] + kernel).map(Int64.init)
  }

  /// Visits the flat indices of every product: source, weight, result.
  func forEachProduct(_ visit: (Int, Int, Int) -> Void) {
    let inputs = channels.input / groups
    let outputs = channels.output / groups
    for position in positions(output) {
      for tap in positions(kernel) {
        guard let place = sourcePlace(position, tap) else { continue }
        let source = flat(place, input)
        let weight = flat(tap, kernel)
        let result = flat(position, output)
        for item in 0..<batch {
          for out in 0..<channels.output {
            let group = out / outputs
            for channel in 0..<inputs {
              visit(
                (item * channels.input + group * inputs + channel) * input.reduce(1, *) + source,
                (out * inputs + channel) * kernel.reduce(1, *) + weight,
                (item * channels.output + out) * output.reduce(1, *) + result)
            }
          }
        }
      }
    }
  }

  private func sourcePlace(_ position: [Int], _ tap: [Int]) -> [Int]? {
    let place = input.indices.map { axis in
      position[axis] * stride[axis] + tap[axis] * dilation[axis] - paddingLow[axis]
    }
    let isInside = input.indices.allSatisfy { place[$0] >= 0 && place[$0] < input[$0] }
    return isInside ? place : nil
  }

  func forward(_ source: Values, _ weights: Values) -> [Double] {
    let (a, b) = (source.doubles, weights.doubles)
    var result = [Double](repeating: 0, count: Int(resultShape.reduce(1, *)))
    forEachProduct { result[$2] += a[$0] * b[$1] }
    return result
  }

  func backwardData(_ difference: Values, _ weights: Values) -> [Double] {
    let (a, b) = (difference.doubles, weights.doubles)
    var result = [Double](repeating: 0, count: Int(sourceShape.reduce(1, *)))
    forEachProduct { result[$0] += a[$2] * b[$1] }
    return result
  }

  func backwardWeights(_ source: Values, _ difference: Values) -> [Double] {
    let (a, b) = (source.doubles, difference.doubles)
    var result = [Double](repeating: 0, count: Int(weightShape.reduce(1, *)))
    forEachProduct { result[$1] += a[$0] * b[$2] }
    return result
  }
}

/// Every index of a shape, in row-major order.
func positions(_ shape: [Int]) -> [[Int]] {
  shape.reduce([[]]) { prefixes, size in
    prefixes.flatMap { prefix in (0..<size).map { prefix + [$0] } }
  }
}

func flat(_ place: [Int], _ shape: [Int]) -> Int {
  zip(place, shape).reduce(0) { $0 * $1.1 + $1.0 }
}
