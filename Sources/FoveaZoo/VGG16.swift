public import FoveaNN
public import FoveaTensor

/// Simonyan, Zisserman. *Very deep convolutional networks for large-scale image recognition*, 2014,
/// table 1, column D.
public struct VGG16: Layer {
  /// Convolutions per stage, and their width.
  static let table: [(repeats: Int, width: Int)] = [
    (2, 64), (2, 128), (3, 256), (3, 512), (3, 512),
  ]

  public let features: Sequential
  public let avgpool = AdaptiveAveragePool(7)
  public let classifier: Sequential

  public init(classes: Int = 1000) {
    features = Sequential {
      for (stage, row) in VGG16.table.enumerated() {
        for index in 0..<row.repeats {
          let before = stage == 0 ? 3 : VGG16.table[stage - 1].width
          Conv2D(
            in: index == 0 ? before : row.width, out: row.width, kernel: 3, padding: 1,
            weights: .heNormal(fan: .out), biases: .zeros)
          ReLU()
        }
        MaxPool(2)
      }
    }
    classifier = Sequential {
      for (inputs, outputs) in [(512 * 7 * 7, 4096), (4096, 4096)] {
        Linear(in: inputs, out: outputs, weights: .normal(deviation: 0.01), biases: .zeros)
        ReLU()
        Dropout()
      }
      Linear(in: 4096, out: classes, weights: .normal(deviation: 0.01), biases: .zeros)
    }
  }

  public func forward(_ x: Tensor) -> Tensor { classifier(avgpool(features(x)).flattened()) }
}
