public import FoveaTensor

extension Digits {
  /// Pictures `[N, 1, 28, 28]`, ink 1 on paper 0, and their labels `[N]`.
  public func batch(
    split: Split, indices: some Collection<Int>
  ) -> (images: Tensor, labels: Tensor) {
    let pixels = images(split: split, indices: indices).map { Float($0) / 255 }
    let labels = indices.map { Double(label(split: split, index: $0)) }
    let count = indices.count
    return (
      Tensor(pixels, shape: [count, 1, Self.side, Self.side]),
      Tensor(labels, shape: [count], as: .int32)
    )
  }
}
