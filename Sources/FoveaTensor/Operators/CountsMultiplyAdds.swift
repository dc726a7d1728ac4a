/// An operator whose work is said in multiply-adds: convolutions and products of matrices.
///
/// Additions of biases, normalisations, activations and pooling are not counted, as is the custom.
package protocol CountsMultiplyAdds: Operator {
  /// How many products of two numbers are added up.
  func multiplyAdds(operands: [TensorType], results: [TensorType]) -> Int
}

extension Convolution: CountsMultiplyAdds {
  package func multiplyAdds(operands: [TensorType], results: [TensorType]) -> Int {
    // Each output sees the filter of its own channel.
    results[0].shape.count * (operands[1].shape.count / operands[1].shape[0])
  }
}

extension ConvolutionImageGradient: CountsMultiplyAdds {
  package func multiplyAdds(operands: [TensorType], results: [TensorType]) -> Int {
    operands[0].shape.count * (operands[1].shape.count / operands[1].shape[0])
  }
}

extension ConvolutionFilterGradient: CountsMultiplyAdds {
  package func multiplyAdds(operands: [TensorType], results: [TensorType]) -> Int {
    operands[1].shape.count * (results[0].shape.count / results[0].shape[0])
  }
}

extension MatrixProduct: CountsMultiplyAdds {
  package func multiplyAdds(operands: [TensorType], results: [TensorType]) -> Int {
    results[0].shape.count * operands[0].shape[transposesLeft ? -2 : -1]
  }
}
