import FoveaTensor

/// An operator that sums products: it is the fast one where its factors have fewer bits, and its
/// sums are not hurt by that.
protocol Product: Operator {
  /// The same with sums of another kind than the factors, which are the first two operands.
  func giving(_ result: ElementType) -> any Operator
  /// Whether the last operand is added to the sums and so must be of their kind.
  var addsLastOperand: Bool { get }
}

extension Product {
  var addsLastOperand: Bool { false }
}

extension Convolution: Product {
  func giving(_ result: ElementType) -> any Operator { Convolution(geometry, result: result) }
}

extension ConvolutionImageGradient: Product {
  func giving(_ result: ElementType) -> any Operator {
    ConvolutionImageGradient(geometry, image: image, result: result)
  }
}

extension ConvolutionFilterGradient: Product {
  func giving(_ result: ElementType) -> any Operator {
    ConvolutionFilterGradient(geometry, filter: filter, result: result)
  }
}

extension FusedConvolution: Product {
  var addsLastOperand: Bool { hasResidual }

  func giving(_ result: ElementType) -> any Operator {
    FusedConvolution(
      geometry, hasBias: hasBias, hasResidual: hasResidual, activation: activation, result: result)
  }
}

extension MatrixProduct: Product {
  func giving(_ result: ElementType) -> any Operator {
    MatrixProduct(
      transposesLeft: transposesLeft, transposesRight: transposesRight, result: result)
  }
}
