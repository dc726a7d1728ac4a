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
