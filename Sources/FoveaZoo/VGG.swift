public import FoveaNN
public import FoveaTensor

/// Simonyan, Zisserman. *Very deep convolutional networks for large-scale image recognition*, 2014,
/// table 1, columns A, B, D and E; with batch normalisation where asked for, which is younger.
public struct VGG: Layer {
  /// Layers that have weights.
  public enum Depth: Int, Sendable, CaseIterable {
    case d11 = 11
    case d13 = 13
    case d16 = 16
    case d19 = 19
  }

  // swift-format-ignore
  /// Convolutions per stage in each column, and their width.
  static let table: [(width: Int, a: Int, b: Int, d: Int, e: Int)] = [
    (width:  64, a: 1, b: 2, d: 2, e: 2),
    (width: 128, a: 1, b: 2, d: 2, e: 2),
    (width: 256, a: 2, b: 2, d: 3, e: 4),
    (width: 512, a: 2, b: 2, d: 3, e: 4),
    (width: 512, a: 2, b: 2, d: 3, e: 4),
  ]

  public let features: Sequential
  public let avgpool = AdaptiveAveragePool(7)
  public let classifier: Sequential

  public init(
    _ depth: Depth, normalized isNormalized: Bool = false, classes: Int = 1000,
    dropout: Double = 0.5
  ) {
    var channels = 3
    var layers: [any Layer] = []
    for row in VGG.table {
      let repeats =
        switch depth {
        case .d11: row.a
        case .d13: row.b
        case .d16: row.d
        case .d19: row.e
        }
      for _ in 0..<repeats {
        layers.append(
          Conv2D(
            in: channels, out: row.width, kernel: 3, padding: 1, weights: .heNormal(fan: .out),
            biases: .zeros))
        if isNormalized { layers.append(BatchNorm(row.width)) }
        layers.append(ReLU())
        channels = row.width
      }
      layers.append(MaxPool(2))
    }
    features = Sequential(layers)
    classifier = Sequential {
      for inputs in [512 * 7 * 7, 4096] {
        Linear(in: inputs, out: 4096, weights: .normal(deviation: 0.01), biases: .zeros)
        ReLU()
        Dropout(dropout)
      }
      Linear(in: 4096, out: classes, weights: .normal(deviation: 0.01), biases: .zeros)
    }
  }

  public func forward(_ x: Tensor) -> Tensor { classifier(avgpool(features(x)).flattened()) }
}
