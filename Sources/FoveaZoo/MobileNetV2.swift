public import FoveaNN
public import FoveaTensor

/// Sandler, Howard, Zhu, Zhmoginov, Chen. *MobileNetV2: inverted residuals and linear bottlenecks*,
/// 2018.
public struct MobileNetV2: Layer {
  // swift-format-ignore
  /// Table 2 of the paper: expansion `t`, output channels `c`, repeats `n`, stride `s` of the first.
  static let table: [(t: Int, c: Int, n: Int, s: Int)] = [
    (t: 1, c:  16, n: 1, s: 1),
    (t: 6, c:  24, n: 2, s: 2),
    (t: 6, c:  32, n: 3, s: 2),
    (t: 6, c:  64, n: 4, s: 2),
    (t: 6, c:  96, n: 3, s: 1),
    (t: 6, c: 160, n: 3, s: 2),
    (t: 6, c: 320, n: 1, s: 1),
  ]

  public let features: Sequential
  public let classifier: Sequential

  public init(classes: Int = 1000, dropout: Double = 0.2) {
    var layers: [any Layer] = [Sequential.normalized(in: 3, out: 32, kernel: 3, stride: 2)]
    var channels = 32
    for row in MobileNetV2.table {
      for index in 0..<row.n {
        layers.append(
          InvertedResidual(
            in: channels, out: row.c, stride: index == 0 ? row.s : 1, expansion: row.t))
        channels = row.c
      }
    }
    layers.append(Sequential.normalized(in: channels, out: 1280, kernel: 1))
    features = Sequential(layers)
    classifier = Sequential {
      Dropout(dropout)
      Linear(in: 1280, out: classes, weights: .normal(deviation: 0.01), biases: .zeros)
    }
  }

  public func forward(_ x: Tensor) -> Tensor {
    classifier(features(x).globalAveragePooled().flattened())
  }
}

/// Widen, filter each channel alone, narrow again without an activation.
struct InvertedResidual: Layer {
  let conv: Sequential
  let addsInput: Bool

  init(in inputs: Int, out outputs: Int, stride: Int, expansion: Int) {
    let width = inputs * expansion
    conv = Sequential {
      if expansion != 1 { Sequential.normalized(in: inputs, out: width, kernel: 1) }
      Sequential.normalized(
        in: width, out: width, kernel: 3, stride: Extents(stride), groups: width)
      Conv2D.bare(in: width, out: outputs, kernel: 1)
      BatchNorm(outputs)
    }
    addsInput = stride == 1 && inputs == outputs
  }

  func forward(_ x: Tensor) -> Tensor { addsInput ? x + conv(x) : conv(x) }
}

extension Sequential {
  /// Convolution, normalisation, activation.
  static func normalized(
    in inputs: Int, out outputs: Int, kernel: Int, stride: Extents = 1, groups: Int = 1,
    activation: any Layer = ReLU6(), epsilon: Double = 1e-5
  ) -> Sequential {
    Sequential {
      Conv2D.bare(in: inputs, out: outputs, kernel: kernel, stride: stride, groups: groups)
      BatchNorm(outputs, epsilon: epsilon)
      activation
    }
  }
}
