public import FoveaNN
public import FoveaTensor

/// Iandola, Han, Moskewicz, Ashraf, Dally, Keutzer. *SqueezeNet: AlexNet-level accuracy with 50x
/// fewer parameters and < 0.5 MB model size*, 2016, table 1; and version 1.1 of the authors'
/// repository, which pools earlier.
public struct SqueezeNet: Layer {
  public enum Version: Sendable, CaseIterable {
    /// 1.0, that of the paper.
    case v10
    /// 1.1, with as much accuracy for less than half of the work.
    case v11
  }

  // swift-format-ignore
  /// Fire modules: filters that squeeze, and that expand with 1×1 and with 3×3 kernels.
  static let table: [(name: String, s1x1: Int, e1x1: Int, e3x3: Int)] = [
    ("fire2", s1x1: 16, e1x1:  64, e3x3:  64),
    ("fire3", s1x1: 16, e1x1:  64, e3x3:  64),
    ("fire4", s1x1: 32, e1x1: 128, e3x3: 128),
    ("fire5", s1x1: 32, e1x1: 128, e3x3: 128),
    ("fire6", s1x1: 48, e1x1: 192, e3x3: 192),
    ("fire7", s1x1: 48, e1x1: 192, e3x3: 192),
    ("fire8", s1x1: 64, e1x1: 256, e3x3: 256),
    ("fire9", s1x1: 64, e1x1: 256, e3x3: 256),
  ]

  public let features: Sequential
  public let classifier: Sequential

  public init(_ version: Version = .v11, classes: Int = 1000, dropout: Double = 0.5) {
    let isFirst = version == .v10
    let pooled: Set = isFirst ? ["fire4", "fire8"] : ["fire3", "fire5"]
    var channels = isFirst ? 96 : 64
    var layers: [any Layer] = [
      Conv2D.relu(in: 3, out: channels, kernel: isFirst ? 7 : 3, stride: 2), ReLU(),
      MaxPool(3, stride: 2, ceil: true),
    ]
    for row in SqueezeNet.table {
      layers.append(Fire(in: channels, row.s1x1, row.e1x1, row.e3x3))
      if pooled.contains(row.name) { layers.append(MaxPool(3, stride: 2, ceil: true)) }
      channels = row.e1x1 + row.e3x3
    }
    features = Sequential(layers)
    classifier = Sequential {
      Dropout(dropout)
      Conv2D(
        in: channels, out: classes, kernel: 1, weights: .normal(deviation: 0.01), biases: .zeros)
      ReLU()
      GlobalAveragePool()
    }
  }

  public func forward(_ x: Tensor) -> Tensor { classifier(features(x)).flattened() }
}

/// A narrow 1×1 convolution, then 1×1 and 3×3 side by side.
struct Fire: Layer {
  let squeeze: Conv2D
  let expand1x1: Conv2D
  let expand3x3: Conv2D

  init(in inputs: Int, _ s1x1: Int, _ e1x1: Int, _ e3x3: Int) {
    squeeze = .relu(in: inputs, out: s1x1, kernel: 1)
    expand1x1 = .relu(in: s1x1, out: e1x1, kernel: 1)
    expand3x3 = .relu(in: s1x1, out: e3x3, kernel: 3, padding: 1)
  }

  func forward(_ x: Tensor) -> Tensor {
    let narrow = squeeze(x).relu()
    return expand1x1(narrow).relu().concatenated(with: expand3x3(narrow).relu(), axis: 1)
  }
}

extension Conv2D {
  /// A convolution that begins as one before a ReLU should.
  fileprivate static func relu(
    in inputs: Int, out outputs: Int, kernel: Extents, stride: Extents = 1,
    padding: Padding = .valid
  ) -> Conv2D {
    Conv2D(
      in: inputs, out: outputs, kernel: kernel, stride: stride, padding: padding,
      weights: .heUniform(), biases: .zeros)
  }
}
