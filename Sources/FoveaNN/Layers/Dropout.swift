public import FoveaTensor

/// In training mode, numbers are dropped at random and the others enlarged, so that the mean stays.
///
/// The masks come from ``RandomStream/current``: the same seed gives the same masks.
///
/// Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov. *Dropout: a simple way to prevent
/// neural networks from overfitting*, 2014. Whole channels: Tompson, Goroshin, Jain, LeCun, Bregler.
/// *Efficient object localization using convolutional networks*, 2014.
public struct Dropout: Layer {
  /// How often a number is dropped.
  public let probability: Double
  /// Whether a channel `[n, c]` is dropped or kept as a whole.
  public let dropsChannels: Bool

  public init(
    _ probability: Double = 0.5, channels dropsChannels: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try LayerCheck("Dropout").expect(probability, in: 0...1, "the probability")
    }
    self.probability = probability
    self.dropsChannels = dropsChannels
  }

  public func forward(_ x: Tensor) -> Tensor {
    guard Mode.current == .training, probability > 0 else { return x }
    let (key, counter) = RandomStream.current.next().leaves
    guard dropsChannels else {
      return x.droppedOut(probability: probability, key: key, counter: counter)
    }
    Tensor.trapping(file: #fileID, line: #line) { () throws(ShapeError) in
      guard x.rank >= 2 else {
        throw ShapeError(name, "drops channels of a tensor [N, C, …], got \(x.shape)")
      }
    }
    let mask = Shape(x.shape.extents[..<2] + [Int](repeating: 1, count: x.rank - 2))
    let ones = Tensor(repeating: 1, shape: mask, as: x.elementType)
    return x * ones.droppedOut(probability: probability, key: key, counter: counter)
  }

  public var declaration: String? {
    ProgramText.call(name, ("", probability), ("channels", dropsChannels.unless(false)))
  }
}
