public import FoveaNN
public import FoveaTensor

/// Howard, Zhu, Chen, Kalenichenko, Wang, Weyand, Andreetto, Adam. *MobileNets: efficient
/// convolutional neural networks for mobile vision applications*, 2017, table 1.
/// Differs: ReLU6, as the authors trained it; the last stride of the table, a misprint, is 1.
public struct MobileNetV1: Layer {
  // swift-format-ignore
  /// Rows of "Conv dw" and "Conv" with a 1×1 filter: stride of the first, filters of the second,
  /// and how often.
  static let table: [(s: Int, filters: Int, repeats: Int)] = [
    (s: 1, filters:   64, repeats: 1),
    (s: 2, filters:  128, repeats: 1),
    (s: 1, filters:  128, repeats: 1),
    (s: 2, filters:  256, repeats: 1),
    (s: 1, filters:  256, repeats: 1),
    (s: 2, filters:  512, repeats: 1),
    (s: 1, filters:  512, repeats: 5),
    (s: 2, filters: 1024, repeats: 1),
    (s: 1, filters: 1024, repeats: 1),
  ]

  public let features: Sequential
  public let classifier: Sequential

  /// - Parameter width: the paper's α, by which every number of channels is multiplied.
  public init(classes: Int = 1000, width: Double = 1, dropout: Double = 0.001) {
    func scaled(_ filters: Int) -> Int { max(1, Int((Double(filters) * width).rounded())) }
    var channels = scaled(32)
    var layers: [any Layer] = [
      Sequential.normalized(in: 3, out: channels, kernel: 3, stride: 2, epsilon: 1e-3)
    ]
    for row in MobileNetV1.table {
      for _ in 0..<row.repeats {
        layers.append(
          DepthwiseSeparable(in: channels, out: scaled(row.filters), stride: Extents(row.s)))
        channels = scaled(row.filters)
      }
    }
    features = Sequential(layers)
    classifier = Sequential {
      Dropout(dropout)
      Linear(in: channels, out: classes, weights: .normal(deviation: 0.01), biases: .zeros)
    }
  }

  public func forward(_ x: Tensor) -> Tensor {
    classifier(features(x).globalAveragePooled().flattened())
  }
}

/// A filter for each channel alone, then a 1×1 convolution over all.
struct DepthwiseSeparable: Layer {
  let depthwise: Sequential
  let pointwise: Sequential

  init(in inputs: Int, out outputs: Int, stride: Extents) {
    depthwise = .normalized(
      in: inputs, out: inputs, kernel: 3, stride: stride, groups: inputs, epsilon: 1e-3)
    pointwise = .normalized(in: inputs, out: outputs, kernel: 1, epsilon: 1e-3)
  }

  func forward(_ x: Tensor) -> Tensor { pointwise(depthwise(x)) }
}
