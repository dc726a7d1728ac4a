package import FoveaTensor

extension Tensor {
  /// A leaf whose numbers are drawn when somebody computes with them: what is only planned takes no
  /// memory.
  package init(
    drawing initializer: Initializer, shape: Shape, as elementType: ElementType = .float32
  ) {
    let cell = Parameter(initializer, shape: shape, as: elementType)
    self.init(cell.tensor.value!)
  }
}
