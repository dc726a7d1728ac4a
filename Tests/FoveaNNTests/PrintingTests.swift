import FoveaTensor
import FoveaZoo
import Testing

@testable import FoveaNN

@Suite struct PrintingTests {
  @Test func aNetworkPrintsAsTheProgramThatMadeIt() {
    let net = Sequential {
      Conv2D(in: 3, out: 16, kernel: 3, stride: 2, padding: 1, bias: false)
      BatchNorm(16)
      ReLU()
      MaxPool(2)
      Sequential {
        Flatten()
        Linear(in: 1000, out: 10)
      }
    }
    let expected = """
      Sequential {
        0: Conv2D(in: 3, out: 16, kernel: 3, stride: 2, padding: 1, bias: false)  // 432
        1: BatchNorm(16)  // 32
        2: ReLU()
        3: MaxPool(2)
        4: Sequential {
          0: Flatten()
          1: Linear(in: 1000, out: 10)  // 10,010
        }
      }
      // 5 arrays, 10,474 parameters, 41,896 bytes
      """
    #expect("\(net)" == expected)
  }

  static let lines: [(any Layer, String)] = [
    (
      Conv1D(in: 4, out: 6, kernel: 3, dilation: 2, groups: 2),
      "Conv1D(in: 4, out: 6, kernel: 3, dilation: 2, groups: 2)  // 42"
    ),
    (
      Conv3D(in: 1, out: 1, kernel: [1, 3, 3], padding: .same),
      "Conv3D(in: 1, out: 1, kernel: [1, 3, 3], padding: .same)  // 10"
    ),
    (
      Conv2D(in: 1, out: 1, kernel: 1, paddingMode: .circular),
      "Conv2D(in: 1, out: 1, kernel: 1, paddingMode: .circular)  // 2"
    ),
    (
      ConvTransposed2D(in: 4, out: 2, kernel: 4, stride: 2, padding: 1, outputPadding: 1),
      "ConvTransposed2D(in: 4, out: 2, kernel: 4, stride: 2, padding: 1, outputPadding: 1)  // 130"
    ),
    (
      BatchNorm(3, epsilon: 0.001, momentum: nil, affine: false),
      "BatchNorm(3, epsilon: 0.001, momentum: nil, affine: false)"
    ),
    (LayerNorm([4, 5], bias: false), "LayerNorm([4, 5], bias: false)  // 20"),
    (GroupNorm(groups: 2, channels: 4), "GroupNorm(groups: 2, channels: 4)  // 8"),
    (InstanceNorm(4, affine: true), "InstanceNorm(4, affine: true)  // 8"),
    (LocalResponseNorm(5), "LocalResponseNorm(5)"),
    (
      MaxPool(3, stride: 2, padding: 1, ceil: true), "MaxPool(3, stride: 2, padding: 1, ceil: true)"
    ),
    (AveragePool([2, 3], countsPadding: false), "AveragePool([2, 3], countsPadding: false)"),
    (AdaptiveAveragePool(7), "AdaptiveAveragePool(7)"),
    (Dropout(0.2, channels: true), "Dropout(0.2, channels: true)"),
    (LeakyReLU(slope: 0.2), "LeakyReLU(slope: 0.2)"),
    (GELU(), "GELU()"),
    (PReLU(channels: 3), "PReLU(channels: 3)  // 3"),
    (Softmax(axis: -1), "Softmax(axis: -1)"),
    (Upsample(by: 2, .linear), "Upsample(by: 2.0, .linear)"),
    (Pad([1, 2], .edge), "Pad([1, 2], .edge)"),
    (Lambda("halves") { $0 * 0.5 }, "Lambda(\"halves\") { … }"),
    (Identity(), "Identity()"),
  ]

  @Test(arguments: lines.indices) func aLayerPrintsAsItsCall(_ index: Int) {
    let (layer, line) = Self.lines[index]
    #expect("\(layer)" == line)
  }

  @Test func aLargeNetworkEndsWithItsSize() {
    let lines = "\(ResNet(.d18))".split(separator: "\n")
    #expect(lines.first == "ResNet {")
    #expect(lines.last == "// 62 arrays, 11,689,512 parameters, 46,758,048 bytes")
    #expect(lines.contains("      downsample: Sequential {"))
  }
}
