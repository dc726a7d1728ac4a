public import FoveaNN
public import FoveaTensor

/// LeCun, Bottou, Bengio, Haffner. *Gradient-based learning applied to document recognition*, 1998,
/// as it is built today.
/// Differs: every map of C3 sees every map of S2, pooling has no weights, ReLU instead of tanh.
public struct LeNet5: Layer {
  public let conv1 = Conv2D(in: 1, out: 6, kernel: 5, padding: 2)
  public let conv2 = Conv2D(in: 6, out: 16, kernel: 5)
  public let fc1 = Linear(in: 400, out: 120)
  public let fc2 = Linear(in: 120, out: 84)
  public let fc3: Linear

  public init(classes: Int = 10) {
    fc3 = Linear(in: 84, out: classes)
  }

  public func forward(_ x: Tensor) -> Tensor {
    let x = conv2(conv1(x).relu().maxPooled(2)).relu().maxPooled(2).flattened()
    return fc3(fc2(fc1(x).relu()).relu())
  }
}
