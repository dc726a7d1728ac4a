public import FoveaNN
public import FoveaTensor

/// Krizhevsky. *One weird trick for parallelizing convolutional neural networks*, 2014: one column of
/// the network of Krizhevsky, Sutskever, Hinton. *ImageNet classification with deep convolutional
/// neural networks*, 2012.
/// Differs: the third layer has 384 channels and the fourth 256, as in torchvision.
public struct AlexNet: Layer {
  // swift-format-ignore
  /// Figure 2 of the paper of 2012, for one column: kernel, stride, padding, channels, and whether
  /// pooling follows.
  static let table: [(kernel: Int, stride: Int, padding: Int, channels: Int, pools: Bool)] = [
    (kernel: 11, stride: 4, padding: 2, channels:  64, pools: true),
    (kernel:  5, stride: 1, padding: 2, channels: 192, pools: true),
    (kernel:  3, stride: 1, padding: 1, channels: 384, pools: false),
    (kernel:  3, stride: 1, padding: 1, channels: 256, pools: false),
    (kernel:  3, stride: 1, padding: 1, channels: 256, pools: true),
  ]

  public let features: Sequential
  public let avgpool = AdaptiveAveragePool(6)
  public let classifier: Sequential

  public init(classes: Int = 1000, dropout: Double = 0.5) {
    var channels = 3
    var layers: [any Layer] = []
    for row in AlexNet.table {
      layers.append(
        Conv2D(
          in: channels, out: row.channels, kernel: Extents(row.kernel),
          stride: Extents(row.stride), padding: .symmetric(Extents(row.padding))))
      layers.append(ReLU())
      if row.pools { layers.append(MaxPool(3, stride: 2)) }
      channels = row.channels
    }
    features = Sequential(layers)
    classifier = Sequential {
      for inputs in [256 * 6 * 6, 4096] {
        Dropout(dropout)
        Linear(in: inputs, out: 4096)
        ReLU()
      }
      Linear(in: 4096, out: classes)
    }
  }

  public func forward(_ x: Tensor) -> Tensor { classifier(avgpool(features(x)).flattened()) }
}
