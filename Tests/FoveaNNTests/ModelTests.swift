import FoveaNN
import FoveaTensor
import FoveaTestSupport
import FoveaZoo
import Testing

@Suite struct ModelTests {
  @Test(arguments: Zoo.entries) func hasThePublishedParameters(_ test: ZooEntry) {
    #expect(test.make().parameterCount == test.parameterCount)
  }

  @Test(arguments: Zoo.entries) func givesTheRightShape(_ test: ZooEntry) {
    let model = test.make()
    let x = Tensor(repeating: 0, shape: Shape([1] + test.input.extents))
    let output = TensorType([1, test.classCount])
    #expect(model(x).type == output)
    #expect(withMode(.training) { model(x) }.type == output)
  }

  /// Names as in torchvision's files.
  @Test(arguments: [
    ("lenet5", ["conv1.weight", "fc3.bias"], 10),
    ("vgg16", ["features.0.weight", "features.28.bias", "classifier.6.weight"], 32),
    (
      "resnet18",
      [
        "conv1.weight", "bn1.running_mean", "layer1.0.conv1.weight", "layer2.0.downsample.0.weight",
        "layer2.0.downsample.1.num_batches_tracked", "layer4.1.bn2.running_var", "fc.bias",
      ], 122
    ),
    (
      "resnet50",
      ["layer1.0.conv3.weight", "layer1.0.downsample.1.running_var", "layer4.2.bn3.bias"], 320
    ),
    (
      "mobilenet_v2",
      [
        "features.0.0.weight", "features.1.conv.0.0.weight", "features.1.conv.1.weight",
        "features.1.conv.2.running_mean", "features.2.conv.1.1.bias", "features.18.1.weight",
        "classifier.1.weight",
      ], 314
    ),
    (
      "squeezenet1_1",
      [
        "features.0.weight", "features.3.squeeze.weight", "features.12.expand3x3.bias",
        "classifier.1.weight",
      ], 52
    ),
    (
      "densenet121",
      [
        "features.conv0.weight", "features.denseblock1.denselayer1.norm1.weight",
        "features.denseblock4.denselayer16.conv2.weight", "features.transition3.conv.weight",
        "features.norm5.running_var", "classifier.weight",
      ], 727
    ),
    (
      "efficientnet_b0",
      [
        "features.0.0.weight", "features.1.0.block.0.0.weight", "features.1.0.block.1.fc1.bias",
        "features.2.1.block.3.0.weight", "features.8.1.running_var", "classifier.1.bias",
      ], 360
    ),
  ])
  func hasThePublishedNames(_ name: String, _ names: [String], _ count: Int) throws {
    let paths = try #require(Zoo.entry(named: name)).make().namedParameters.map(\.name)
    #expect(Set(paths).count == paths.count)
    #expect(paths.count == count)
    for name in names { #expect(paths.contains(name), "\(name)") }
  }

  @Test func aDescribedNetworkCostsNothing() {
    // 553 MB of weights, which nobody asked for.
    let clock = ContinuousClock()
    #expect(clock.measure { _ = VGG(.d16).parameterCount } < .milliseconds(200))
  }
}
