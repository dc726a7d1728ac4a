public import FoveaNN
public import FoveaTensor

/// Huang, Liu, van der Maaten, Weinberger. *Densely connected convolutional networks*, 2016, table 1.
public struct DenseNet121: Layer {
  static let blocks = [6, 12, 24, 16]
  static let growth = 32

  public let features: Sequential
  public let classifier: Linear

  public init(classes: Int = 1000) {
    var layers: [(String, any Layer)] = [
      ("conv0", Conv2D.bare(in: 3, out: 64, kernel: 7, stride: 2, fan: .in)),
      ("norm0", BatchNorm(64)),
      ("relu0", ReLU()),
      ("pool0", MaxPool(3, stride: 2, padding: 1)),
    ]
    var channels = 64
    for (block, count) in DenseNet121.blocks.enumerated() {
      layers.append(("denseblock\(block + 1)", DenseBlock(in: channels, count: count)))
      channels += count * DenseNet121.growth
      guard block < 3 else { break }
      let transition = Sequential(named: [
        "norm": BatchNorm(channels), "relu": ReLU(),
        "conv": Conv2D.bare(in: channels, out: channels / 2, kernel: 1, fan: .in),
        "pool": AveragePool(2),
      ])
      layers.append(("transition\(block + 1)", transition))
      channels /= 2
    }
    layers.append(("norm5", BatchNorm(channels)))
    features = Sequential(named: layers)
    classifier = Linear(in: channels, out: classes, biases: .zeros)
  }

  public func forward(_ x: Tensor) -> Tensor {
    classifier(features(x).relu().globalAveragePooled().flattened())
  }
}

/// Every layer sees what all before it have found.
struct DenseBlock: Layer {
  let layers: [DenseLayer]

  init(in channels: Int, count: Int) {
    layers = (0..<count).map { DenseLayer(in: channels + $0 * DenseNet121.growth) }
  }

  var parts: [ModulePart] {
    layers.enumerated().map { ModulePart("denselayer\($0.offset + 1)", $0.element) }
  }

  func forward(_ x: Tensor) -> Tensor {
    var found = [x]
    for layer in layers { found.append(layer(.concatenated(found, axis: 1))) }
    return .concatenated(found, axis: 1)
  }
}

struct DenseLayer: Layer {
  let norm1: BatchNorm
  let conv1: Conv2D
  let norm2: BatchNorm
  let conv2: Conv2D

  init(in channels: Int) {
    let width = 4 * DenseNet121.growth
    norm1 = BatchNorm(channels)
    conv1 = .bare(in: channels, out: width, kernel: 1, fan: .in)
    norm2 = BatchNorm(width)
    conv2 = .bare(in: width, out: DenseNet121.growth, kernel: 3, fan: .in)
  }

  func forward(_ x: Tensor) -> Tensor {
    conv2(norm2(conv1(norm1(x).relu())).relu())
  }
}
