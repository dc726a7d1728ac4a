import FoveaNN
import FoveaTensor
import FoveaZoo
import Testing

@Suite struct SummaryTests {
  /// What others count, by layer arithmetic or by PyTorch's counter.
  private static let published: [String: Int] = [
    "lenet5": 416_520, "lenet5_1998": 325_680, "alexnet": 714_188_480,
    "vgg11": 7_609_090_048, "vgg13": 11_308_466_176, "vgg16": 15_470_264_320,
    "vgg19": 19_632_062_464, "vgg11_bn": 7_609_090_048, "vgg13_bn": 11_308_466_176,
    "vgg16_bn": 15_470_264_320, "vgg19_bn": 19_632_062_464, "resnet18": 1_814_073_344,
    "resnet34": 3_663_761_408, "resnet50": 4_089_184_256, "resnet101": 7_801_405_440,
    "resnet152": 11_513_626_624, "resnet20": 40_551_040, "resnet32": 68_862_592,
    "resnet44": 97_174_144, "resnet56": 125_485_696, "resnet110": 252_887_680,
    "mobilenet_v1": 568_740_352, "mobilenet_v2": 300_774_272, "squeezenet1_0": 818_924_576,
    "squeezenet1_1": 349_151_936, "densenet121": 2_834_161_664, "efficientnet_b0": 385_814_752,
  ]

  @Test(arguments: Zoo.entries) func multiplyAddsAreThePublished(_ entry: ZooEntry) {
    let summary = ModelSummary(of: entry.make(), input: Shape([1] + entry.input.extents))
    #expect(summary.multiplyAdds == Self.published[entry.name])
    #expect(summary.parameterCount == entry.parameterCount)
    #expect(summary.output == [1, entry.classCount])
    for depth in [0, 1, 2, 3, Int.max] {
      let rows = summary.rows(depth: depth)
      #expect(rows.reduce(0) { $0 + $1.parameterCount } == entry.parameterCount)
      #expect(rows.reduce(0) { $0 + $1.multiplyAdds } == summary.multiplyAdds)
    }
    let paths = summary.rows().map(\.path)
    #expect(Set(paths).count == paths.count, "\(paths)")
    #expect(paths.allSatisfy { $0.split(separator: ".").last?.first?.isUppercase == false })
  }

  @Test func aBatchMultipliesTheWork() throws {
    let model = try #require(Zoo.entry(named: "squeezenet1_1")).make()
    let one = ModelSummary(of: model, input: [1, 3, 64, 64])
    let five = ModelSummary(of: model, input: [5, 3, 64, 64])
    #expect(five.multiplyAdds == 5 * one.multiplyAdds)
    #expect(five.parameterCount == one.parameterCount)
    #expect(five.output == [5, 1000])
  }

  @Test func rowsSayWhatALayerIs() {
    let summary = ModelSummary(of: ResNet(.d50), input: [1, 3, 224, 224])
    let rows = summary.rows(depth: 1)
    #expect(
      rows.map { "\($0.path) \($0.layer) \($0.output) \($0.parameterCount) \($0.multiplyAdds)" }
        == [
          "conv1 Conv2D 7×7 /2 [1, 64, 112, 112] 9408 118013952",
          "bn1 BatchNorm [1, 64, 112, 112] 128 0",
          "layer1 3 × Bottleneck [1, 256, 56, 56] 215808 667942912",
          "layer2 4 × Bottleneck [1, 512, 28, 28] 1219584 1027604480",
          "layer3 6 × Bottleneck [1, 1024, 14, 14] 7098368 1464336384",
          "layer4 3 × Bottleneck [1, 2048, 7, 7] 14964736 809238528",
          "fc Linear [1, 1000] 2049000 2048000",
        ])
    let paths = summary.rows(depth: 3).map(\.path)
    #expect(paths.contains("layer2.0.downsample"))
    #expect(paths.contains("layer4.2.conv3"))
  }

  /// A layer that is called twice, work of its own beside its parts, and parts in an array.
  private struct Twice: Layer {
    let blocks: [Linear] = [Linear(in: 4, out: 4, bias: false), Linear(in: 4, out: 4)]
    let relu = ReLU()
    let weight = Parameter(.ones, shape: [4, 4])

    func forward(_ x: Tensor) -> Tensor {
      relu(blocks[1](relu(blocks[1](blocks[0](x))))).times(weight.tensor)
    }
  }

  @Test func whatIsCalledTwiceIsCountedOnce() {
    let summary = ModelSummary(of: Twice(), input: [3, 4])
    #expect(
      summary.rows().map { "\($0.path) \($0.layer) \($0.parameterCount) \($0.multiplyAdds)" } == [
        "blocks.0 Linear 16 48", "blocks.1 Linear 20 48", "relu ReLU 0 0", "blocks.1 Linear 0 48",
        "relu ReLU 0 0", " Twice 16 48",
      ])
    #expect(summary.parameterCount == 52)
    #expect(summary.multiplyAdds == 192)
    #expect(summary.weightByteCount == 208)
  }

  /// 4×4 pixels of 3 channels, each added to 2×2 pixels of 5.
  @Test func transposedConvolutionsHaveWork() {
    let layer = ConvTransposed2D(in: 3, out: 5, kernel: 2, stride: 2, bias: false)
    let summary = ModelSummary(of: layer, input: [1, 3, 4, 4])
    #expect(summary.multiplyAdds == 960)
  }
  /// 5 filters of 3×3×3, each the sum over 4×4 pixels.
  @Test func gradientsOfFiltersHaveWork() {
    let weights = Tensor(repeating: 1, shape: [5, 3, 3, 3])
    let layer = Lambda { x in
      gradient(of: x.convolved(with: weights, padding: 1).sum(), withRespectTo: weights)
    }
    #expect(ModelSummary(of: layer, input: [1, 3, 4, 4]).multiplyAdds == 2160)
  }
}
