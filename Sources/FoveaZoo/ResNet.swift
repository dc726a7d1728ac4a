public import FoveaNN
public import FoveaTensor

/// He, Zhang, Ren, Sun. *Deep residual learning for image recognition*, 2015, table 1.
/// Differs: the stride of a bottleneck is in its 3×3 convolution, as in torchvision
/// ("version 1.5").
public struct ResNet: Layer {
  /// Layers that have weights.
  public enum Depth: Int, Sendable, CaseIterable {
    case d18 = 18
    case d34 = 34
    case d50 = 50
    case d101 = 101
    case d152 = 152

    /// How often the blocks of conv2_x, conv3_x, conv4_x and conv5_x are repeated.
    var blocks: [Int] {
      switch self {
      case .d18: [2, 2, 2, 2]
      case .d34, .d50: [3, 4, 6, 3]
      case .d101: [3, 4, 23, 3]
      case .d152: [3, 8, 36, 3]
      }
    }

    var isBottleneck: Bool { rawValue >= 50 }
  }

  public let conv1 = Conv2D.bare(in: 3, out: 64, kernel: 7, stride: 2)
  public let bn1 = BatchNorm(64)
  public let layer1: Sequential
  public let layer2: Sequential
  public let layer3: Sequential
  public let layer4: Sequential
  public let fc: Linear

  public init(_ depth: Depth, classes: Int = 1000) {
    let expansion = depth.isBottleneck ? 4 : 1
    var channels = 64
    var stages: [Sequential] = []
    for (stage, width) in [64, 128, 256, 512].enumerated() {
      var blocks: [any Layer] = []
      for index in 0..<depth.blocks[stage] {
        let stride: Extents = stage > 0 && index == 0 ? 2 : 1
        blocks.append(
          depth.isBottleneck
            ? Bottleneck(in: channels, width: width, stride: stride)
            : BasicBlock(in: channels, out: width, stride: stride))
        channels = width * expansion
      }
      stages.append(Sequential(blocks))
    }
    (layer1, layer2, layer3, layer4) = (stages[0], stages[1], stages[2], stages[3])
    fc = Linear(in: channels, out: classes)
  }

  public func forward(_ x: Tensor) -> Tensor {
    let stem = bn1(conv1(x)).relu().maxPooled(3, stride: 2, padding: 1)
    return fc(layer4(layer3(layer2(layer1(stem)))).globalAveragePooled().flattened())
  }
}

/// Two 3×3 convolutions around which the input is added.
struct BasicBlock: Layer {
  let conv1: Conv2D
  let bn1: BatchNorm
  let conv2: Conv2D
  let bn2: BatchNorm
  let downsample: Sequential?

  init(in inputs: Int, out outputs: Int, stride: Extents) {
    conv1 = .bare(in: inputs, out: outputs, kernel: 3, stride: stride)
    bn1 = BatchNorm(outputs)
    conv2 = .bare(in: outputs, out: outputs, kernel: 3)
    bn2 = BatchNorm(outputs)
    downsample = .projection(in: inputs, out: outputs, stride: stride)
  }

  func forward(_ x: Tensor) -> Tensor {
    let y = bn2(conv2(bn1(conv1(x)).relu()))
    return (y + (downsample.map { $0(x) } ?? x)).relu()
  }
}

/// A 3×3 convolution between two 1×1 that narrow and widen.
struct Bottleneck: Layer {
  let conv1: Conv2D
  let bn1: BatchNorm
  let conv2: Conv2D
  let bn2: BatchNorm
  let conv3: Conv2D
  let bn3: BatchNorm
  let downsample: Sequential?

  init(in inputs: Int, width: Int, stride: Extents) {
    conv1 = .bare(in: inputs, out: width, kernel: 1)
    bn1 = BatchNorm(width)
    conv2 = .bare(in: width, out: width, kernel: 3, stride: stride)
    bn2 = BatchNorm(width)
    conv3 = .bare(in: width, out: 4 * width, kernel: 1)
    bn3 = BatchNorm(4 * width)
    downsample = .projection(in: inputs, out: 4 * width, stride: stride)
  }

  func forward(_ x: Tensor) -> Tensor {
    let y = bn3(conv3(bn2(conv2(bn1(conv1(x)).relu())).relu()))
    return (y + (downsample.map { $0(x) } ?? x)).relu()
  }
}

extension Sequential {
  /// What brings the input of a block to the shape of its output; nothing where they are the same.
  static func projection(in inputs: Int, out outputs: Int, stride: Extents) -> Sequential? {
    guard inputs != outputs || stride != 1 else { return nil }
    return Sequential {
      Conv2D.bare(in: inputs, out: outputs, kernel: 1, stride: stride)
      BatchNorm(outputs)
    }
  }
}

extension Conv2D {
  /// A convolution that keeps the size, up to its stride, and has no bias, for a normalisation
  /// follows.
  static func bare(
    in inputs: Int, out outputs: Int, kernel: Int, stride: Extents = 1, groups: Int = 1,
    fan: Initializer.Fan = .out
  ) -> Conv2D {
    Conv2D(
      in: inputs, out: outputs, kernel: Extents(kernel), stride: stride,
      padding: .symmetric(Extents(kernel / 2)), groups: groups, bias: false,
      weights: .heNormal(fan: fan))
  }
}
