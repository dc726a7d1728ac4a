public import FoveaNN
public import FoveaTensor

/// Tan, Le. *EfficientNet: rethinking model scaling for convolutional neural networks*, 2019.
/// Differs: no stochastic depth.
public struct EfficientNetB0: Layer {
  // swift-format-ignore
  /// Table 1 of the paper: expansion `t`, kernel `k`, stride `s`, output channels `c`, repeats `n`.
  static let table: [(t: Int, k: Int, s: Int, c: Int, n: Int)] = [
    (t: 1, k: 3, s: 1, c:  16, n: 1),
    (t: 6, k: 3, s: 2, c:  24, n: 2),
    (t: 6, k: 5, s: 2, c:  40, n: 2),
    (t: 6, k: 3, s: 2, c:  80, n: 3),
    (t: 6, k: 5, s: 1, c: 112, n: 3),
    (t: 6, k: 5, s: 2, c: 192, n: 4),
    (t: 6, k: 3, s: 1, c: 320, n: 1),
  ]

  public let features: Sequential
  public let classifier: Sequential

  public init(classes: Int = 1000, dropout: Double = 0.2) {
    let bound = 1 / Double(max(classes, 1)).squareRoot()
    var layers: [any Layer] = [
      Sequential.normalized(in: 3, out: 32, kernel: 3, stride: 2, activation: SiLU())
    ]
    var channels = 32
    for row in EfficientNetB0.table {
      var blocks: [any Layer] = []
      for index in 0..<row.n {
        blocks.append(
          MobileBlock(
            in: channels, out: row.c, kernel: row.k, stride: index == 0 ? row.s : 1,
            expansion: row.t))
        channels = row.c
      }
      layers.append(Sequential(blocks))
    }
    layers.append(Sequential.normalized(in: channels, out: 1280, kernel: 1, activation: SiLU()))
    features = Sequential(layers)
    classifier = Sequential {
      Dropout(dropout)
      Linear(in: 1280, out: classes, weights: .uniform(-bound...bound), biases: .zeros)
    }
  }

  public func forward(_ x: Tensor) -> Tensor {
    classifier(features(x).globalAveragePooled().flattened())
  }
}

/// An inverted residual whose channels are weighed before they are narrowed.
struct MobileBlock: Layer {
  let block: Sequential
  let addsInput: Bool

  init(in inputs: Int, out outputs: Int, kernel: Int, stride: Int, expansion: Int) {
    let width = inputs * expansion
    block = Sequential {
      if expansion != 1 {
        Sequential.normalized(in: inputs, out: width, kernel: 1, activation: SiLU())
      }
      Sequential.normalized(
        in: width, out: width, kernel: kernel, stride: Extents(stride), groups: width,
        activation: SiLU())
      SqueezeExcitation(width, squeeze: max(1, inputs / 4))
      Sequential.normalized(in: width, out: outputs, kernel: 1, activation: Identity())
    }
    addsInput = stride == 1 && inputs == outputs
  }

  func forward(_ x: Tensor) -> Tensor { addsInput ? x + block(x) : block(x) }
}

/// Hu, Shen, Albanie, Sun, Wu. *Squeeze-and-excitation networks*, 2017.
struct SqueezeExcitation: Layer {
  let fc1: Conv2D
  let fc2: Conv2D

  init(_ channels: Int, squeeze: Int) {
    fc1 = .weighing(in: channels, out: squeeze)
    fc2 = .weighing(in: squeeze, out: channels)
  }

  func forward(_ x: Tensor) -> Tensor {
    x * fc2(fc1(x.globalAveragePooled()).silu()).sigmoid()
  }
}

extension Conv2D {
  fileprivate static func weighing(in inputs: Int, out outputs: Int) -> Conv2D {
    Conv2D(
      in: inputs, out: outputs, kernel: 1, weights: .heNormal(fan: .out), biases: .zeros)
  }
}
