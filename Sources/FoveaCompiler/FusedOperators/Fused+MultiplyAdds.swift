package import FoveaTensor

extension FusedConvolution: CountsMultiplyAdds {
  package func multiplyAdds(operands: [TensorType], results: [TensorType]) -> Int {
    Convolution(geometry).multiplyAdds(operands: operands, results: results)
  }
}

extension FusedConvolutionFilterGradient: CountsMultiplyAdds {
  package func multiplyAdds(operands: [TensorType], results: [TensorType]) -> Int {
    gradient.multiplyAdds(operands: operands, results: results)
  }
}

extension SeparableBlock: CountsMultiplyAdds {
  package func multiplyAdds(operands: [TensorType], results: [TensorType]) -> Int {
    var (image, next, sum) = (operands[0], 1, 0)
    for stage in stages {
      let all = [image] + operands[next..<next + stage.weightCount]
      guard let output = try? stage.type(of: all) else { return sum }
      sum += stage.multiplyAdds(operands: all, results: [output])
      (image, next) = (output, next + stage.weightCount)
    }
    return sum
  }
}

extension QuantizedConvolution: CountsMultiplyAdds {
  package func multiplyAdds(operands: [TensorType], results: [TensorType]) -> Int {
    Convolution(geometry).multiplyAdds(operands: operands, results: results)
  }
}
