public import FoveaNN
public import FoveaTensor

/// He, Zhang, Ren, Sun. *Deep residual learning for image recognition*, 2015, section 4.2: networks
/// of 6n + 2 layers for pictures of 32×32 pixels, such as those of CIFAR-10.
public struct SmallResNet: Layer {
  /// Layers that have weights.
  public enum Depth: Int, Sendable, CaseIterable {
    case d20 = 20
    case d32 = 32
    case d44 = 44
    case d56 = 56
    case d110 = 110

    /// The paper's n: blocks per stage.
    var n: Int { (rawValue - 2) / 6 }
  }

  /// The paper's table: the size of the output, and filters of its 1 + 2n, 2n and 2n layers.
  static let table: [(outputMapSize: Int, filters: Int)] = [(32, 16), (16, 32), (8, 64)]

  public let conv1 = Conv2D.small(in: 3, out: 16)
  public let bn1 = BatchNorm(16)
  public let layer1: Sequential
  public let layer2: Sequential
  public let layer3: Sequential
  public let linear: Linear

  public init(_ depth: Depth, classes: Int = 10) {
    var (channels, size) = (16, 32)
    var stages: [Sequential] = []
    for row in SmallResNet.table {
      var blocks: [any Layer] = []
      for _ in 0..<depth.n {
        blocks.append(
          SmallBlock(in: channels, out: row.filters, stride: size / row.outputMapSize))
        (channels, size) = (row.filters, row.outputMapSize)
      }
      stages.append(Sequential(blocks))
    }
    (layer1, layer2, layer3) = (stages[0], stages[1], stages[2])
    linear = Linear(in: channels, out: classes, weights: .heNormal())
  }

  public func forward(_ x: Tensor) -> Tensor {
    let stages = layer3(layer2(layer1(bn1(conv1(x)).relu())))
    return linear(stages.globalAveragePooled().flattened())
  }
}

/// Two 3×3 convolutions around which the input is added. Where the size changes, every second pixel
/// of the input is added, with channels of zeros around its own (option A).
struct SmallBlock: Layer {
  let conv1: Conv2D
  let bn1: BatchNorm
  let conv2: Conv2D
  let bn2: BatchNorm
  let stride: Int

  init(in inputs: Int, out outputs: Int, stride: Int) {
    conv1 = .small(in: inputs, out: outputs, stride: stride)
    bn1 = BatchNorm(outputs)
    conv2 = .small(in: outputs, out: outputs)
    bn2 = BatchNorm(outputs)
    self.stride = stride
  }

  func forward(_ x: Tensor) -> Tensor {
    let y = bn2(conv2(bn1(conv1(x)).relu()))
    return (y + shortcut(x, channels: y.shape[1])).relu()
  }

  private func shortcut(_ x: Tensor, channels: Int) -> Tensor {
    guard stride > 1 || channels != x.shape[1] else { return x }
    let rows = x.sliced(axis: 2, by: stride).sliced(axis: 3, by: stride)
    let missing = channels - x.shape[1]
    return rows.padded(low: [0, missing / 2, 0, 0], high: [0, missing - missing / 2, 0, 0])
  }
}

extension Conv2D {
  fileprivate static func small(in inputs: Int, out outputs: Int, stride: Int = 1) -> Conv2D {
    Conv2D(
      in: inputs, out: outputs, kernel: 3, stride: Extents(stride), padding: 1, bias: false,
      weights: .heNormal())
  }
}
