public import FoveaNN
public import FoveaTensor

/// Linzaer. *Ultra-Light-Fast-Generic-Face-Detector-1MB*, 2019: RFB-320, a single-shot detector of
/// faces on separable convolutions, with one receptive field block (Liu, Huang, Wang. *Receptive field
/// block net for accurate and fast object detection*, 2017).
public struct UltraFace: Module {
  // swift-format-ignore
  /// The separable convolutions: how often, filters, and the stride of the first.
  private static let table: [(repeats: Int, filters: Int, stride: Int)] = [
    (repeats: 1, filters:  32, stride: 1),
    (repeats: 2, filters:  32, stride: 2),
    (repeats: 3, filters:  64, stride: 2),
    (repeats: 3, filters: 128, stride: 2),
    (repeats: 2, filters: 256, stride: 2),
  ]
  /// Where the network is looked at: behind how many of its parts.
  private static let taps = [8, 11, 13]

  public let base: Sequential
  public let extras: Sequential
  /// For each of the four sizes of features, what anchors show.
  public let classifications: Sequential
  /// For each of the four sizes of features, how boxes differ from their anchors.
  public let regressions: Sequential
  public let classCount: Int

  /// - Parameter classes: what there may be, counted with the background.
  public init(classes: Int = 2) {
    var channels = 16
    var layers: [any Layer] = [
      Sequential.normalized(in: 3, out: channels, kernel: 3, stride: 2, activation: ReLU())
    ]
    for row in UltraFace.table {
      for index in 0..<row.repeats {
        layers.append(
          Sequential.separable(
            in: channels, out: row.filters, stride: index == 0 ? row.stride : 1))
        channels = row.filters
      }
      // Behind the features for the smallest faces.
      if row.filters == 64 { layers.append(ReceptiveFieldBlock(channels)) }
    }
    base = Sequential(layers)
    extras = Sequential {
      Sequential {
        Conv2D(in: 256, out: 64, kernel: 1)
        ReLU()
        Sequential.plainSeparable(in: 64, out: 256, stride: 2)
        ReLU()
      }
    }
    func heads(_ values: Int) -> Sequential {
      let anchors = FaceAnchors.sides.map(\.count)
      return Sequential {
        Sequential.plainSeparable(in: 64, out: anchors[0] * values)
        Sequential.plainSeparable(in: 128, out: anchors[1] * values)
        Sequential.plainSeparable(in: 256, out: anchors[2] * values)
        Conv2D(in: 256, out: anchors[3] * values, kernel: 3, padding: .symmetric(1))
      }
    }
    classifications = heads(classes)
    regressions = heads(4)
    classCount = classes
  }

  public var parts: [ModulePart] {
    [
      ModulePart("base_net", base), ModulePart("extras", extras),
      ModulePart("classification_headers", classifications),
      ModulePart("regression_headers", regressions),
    ]
  }

  /// What there is in pictures `[N, 3, H, W]` whose values are (v − 127) / 128.
  public func callAsFunction(_ pictures: Tensor) -> FaceDetections {
    var features: [Tensor] = []
    var x = pictures
    for index in 0..<base.count {
      x = base[index](x)
      if UltraFace.taps.contains(index + 1) { features.append(x) }
    }
    features.append(extras(x))
    func rows(_ heads: Sequential, _ values: Int) -> Tensor {
      Tensor.concatenated(
        features.enumerated().map { index, x in
          heads[index](x).transposed(to: [0, 2, 3, 1]).reshaped(to: [x.shape[0], -1, values])
        }, axis: 1)
    }
    return FaceDetections(
      scores: rows(classifications, classCount).softmax(), offsets: rows(regressions, 4),
      anchors: FaceAnchors.tensor(height: pictures.shape[2], width: pictures.shape[3]))
  }
}

/// Three chains of convolutions with wider and wider holes, side by side, and a way around them.
struct ReceptiveFieldBlock: Layer {
  let branch0: Sequential
  let branch1: Sequential
  let branch2: Sequential
  let linear: NormalizedConvolution
  let shortcut: NormalizedConvolution

  init(_ channels: Int) {
    let narrow = channels / 8
    let wide = 2 * narrow
    branch0 = Sequential {
      NormalizedConvolution(in: channels, out: narrow, kernel: 1)
      NormalizedConvolution(in: narrow, out: wide, kernel: 3, activated: true)
      NormalizedConvolution(in: wide, out: wide, kernel: 3, dilation: 2)
    }
    branch1 = Sequential {
      NormalizedConvolution(in: channels, out: narrow, kernel: 1)
      NormalizedConvolution(in: narrow, out: wide, kernel: 3, activated: true)
      NormalizedConvolution(in: wide, out: wide, kernel: 3, dilation: 3)
    }
    branch2 = Sequential {
      NormalizedConvolution(in: channels, out: narrow, kernel: 1)
      NormalizedConvolution(in: narrow, out: narrow / 2 * 3, kernel: 3, activated: true)
      NormalizedConvolution(in: narrow / 2 * 3, out: wide, kernel: 3, activated: true)
      NormalizedConvolution(in: wide, out: wide, kernel: 3, dilation: 5)
    }
    linear = NormalizedConvolution(in: 3 * wide, out: channels, kernel: 1)
    shortcut = NormalizedConvolution(in: channels, out: channels, kernel: 1)
  }

  var parts: [ModulePart] {
    [
      ModulePart("branch0", branch0), ModulePart("branch1", branch1),
      ModulePart("branch2", branch2),
      ModulePart("ConvLinear", linear), ModulePart("shortcut", shortcut),
    ]
  }

  func forward(_ x: Tensor) -> Tensor {
    let sides = branch0(x).concatenated(with: branch1(x), branch2(x), axis: 1)
    return (linear(sides) + shortcut(x)).relu()
  }
}

/// Convolution, normalisation, and a ReLU where one is wanted.
struct NormalizedConvolution: Layer {
  let conv: Conv2D
  let bn: BatchNorm
  let isActivated: Bool

  init(in inputs: Int, out outputs: Int, kernel: Int, dilation: Int = 1, activated: Bool = false) {
    conv = Conv2D(
      in: inputs, out: outputs, kernel: Extents(kernel),
      padding: .symmetric(Extents(dilation * (kernel / 2))), dilation: Extents(dilation),
      bias: false)
    bn = BatchNorm(outputs)
    isActivated = activated
  }

  func forward(_ x: Tensor) -> Tensor {
    let y = bn(conv(x))
    return isActivated ? y.relu() : y
  }
}

extension Sequential {
  /// A filter for each channel alone, then a 1×1 convolution over all, both normalised.
  fileprivate static func separable(in inputs: Int, out outputs: Int, stride: Int) -> Sequential {
    Sequential {
      Conv2D.bare(
        in: inputs, out: inputs, kernel: 3, stride: Extents(stride), groups: inputs)
      BatchNorm(inputs)
      ReLU()
      Conv2D.bare(in: inputs, out: outputs, kernel: 1)
      BatchNorm(outputs)
      ReLU()
    }
  }

  /// The same with biases instead of normalisation.
  fileprivate static func plainSeparable(
    in inputs: Int, out outputs: Int, stride: Int = 1
  ) -> Sequential {
    Sequential {
      Conv2D(
        in: inputs, out: inputs, kernel: 3, stride: Extents(stride), padding: .symmetric(1),
        groups: inputs)
      ReLU()
      Conv2D(in: inputs, out: outputs, kernel: 1)
    }
  }
}
