import FoveaNN

/// The networks Fovea knows by name.
public enum Zoo {
  public static let entries: [ZooEntry] = [
    entry("lenet5", "LeNet-5", Paper.leNet, 61_706, .digits(.digit)) {
      classes, _ in LeNet5(classes: classes)
    },
    entry("lenet5_1998", "LeNet-5 of the paper", Paper.leNet, 60_000, .digits(.digitOf1998)) {
      classes, _ in LeNet5Of1998(classes: classes)
    },
    entry("alexnet", "AlexNet", Paper.alexNet, 61_100_840, .pictures(atLeast: 63)) {
      AlexNet(classes: $0, dropout: $1 ?? 0.5)
    },
    entry("vgg11", "VGG-11", Paper.vgg, 132_863_336, .pictures(atLeast: 32)) {
      VGG(.d11, classes: $0, dropout: $1 ?? 0.5)
    },
    entry("vgg11_bn", "VGG-11 with normalisation", Paper.vgg, 132_868_840, .pictures(atLeast: 32)) {
      VGG(.d11, normalized: true, classes: $0, dropout: $1 ?? 0.5)
    },
    entry("vgg13", "VGG-13", Paper.vgg, 133_047_848, .pictures(atLeast: 32)) {
      VGG(.d13, classes: $0, dropout: $1 ?? 0.5)
    },
    entry("vgg13_bn", "VGG-13 with normalisation", Paper.vgg, 133_053_736, .pictures(atLeast: 32)) {
      VGG(.d13, normalized: true, classes: $0, dropout: $1 ?? 0.5)
    },
    entry("vgg16", "VGG-16", Paper.vgg, 138_357_544, .pictures(atLeast: 32)) {
      VGG(.d16, classes: $0, dropout: $1 ?? 0.5)
    },
    entry("vgg16_bn", "VGG-16 with normalisation", Paper.vgg, 138_365_992, .pictures(atLeast: 32)) {
      VGG(.d16, normalized: true, classes: $0, dropout: $1 ?? 0.5)
    },
    entry("vgg19", "VGG-19", Paper.vgg, 143_667_240, .pictures(atLeast: 32)) {
      VGG(.d19, classes: $0, dropout: $1 ?? 0.5)
    },
    entry("vgg19_bn", "VGG-19 with normalisation", Paper.vgg, 143_678_248, .pictures(atLeast: 32)) {
      VGG(.d19, normalized: true, classes: $0, dropout: $1 ?? 0.5)
    },
    entry("resnet18", "ResNet-18", Paper.resNet, 11_689_512) {
      classes, _ in ResNet(.d18, classes: classes)
    },
    entry("resnet34", "ResNet-34", Paper.resNet, 21_797_672) {
      classes, _ in ResNet(.d34, classes: classes)
    },
    entry("resnet50", "ResNet-50", Paper.resNet, 25_557_032) {
      classes, _ in ResNet(.d50, classes: classes)
    },
    entry("resnet101", "ResNet-101", Paper.resNet, 44_549_160) {
      classes, _ in ResNet(.d101, classes: classes)
    },
    entry("resnet152", "ResNet-152", Paper.resNet, 60_192_808) {
      classes, _ in ResNet(.d152, classes: classes)
    },
    entry("resnet20", "ResNet-20 for small pictures", Paper.resNet, 269_722, .smallPictures) {
      classes, _ in SmallResNet(.d20, classes: classes)
    },
    entry("resnet32", "ResNet-32 for small pictures", Paper.resNet, 464_154, .smallPictures) {
      classes, _ in SmallResNet(.d32, classes: classes)
    },
    entry("resnet44", "ResNet-44 for small pictures", Paper.resNet, 658_586, .smallPictures) {
      classes, _ in SmallResNet(.d44, classes: classes)
    },
    entry("resnet56", "ResNet-56 for small pictures", Paper.resNet, 853_018, .smallPictures) {
      classes, _ in SmallResNet(.d56, classes: classes)
    },
    entry("resnet110", "ResNet-110 for small pictures", Paper.resNet, 1_727_962, .smallPictures) {
      classes, _ in SmallResNet(.d110, classes: classes)
    },
    entry("mobilenet_v1", "MobileNet", Paper.mobileNet, 4_231_976, .pictures(.aroundZero)) {
      MobileNetV1(classes: $0, dropout: $1 ?? 0.001)
    },
    entry("mobilenet_v2", "MobileNetV2", Paper.mobileNetV2, 3_504_872) {
      MobileNetV2(classes: $0, dropout: $1 ?? 0.2)
    },
    entry("squeezenet1_0", "SqueezeNet 1.0", Paper.squeezeNet, 1_248_424, .pictures(atLeast: 21)) {
      SqueezeNet(.v10, classes: $0, dropout: $1 ?? 0.5)
    },
    entry("squeezenet1_1", "SqueezeNet 1.1", Paper.squeezeNet, 1_235_496, .pictures(atLeast: 17)) {
      SqueezeNet(.v11, classes: $0, dropout: $1 ?? 0.5)
    },
    entry("densenet121", "DenseNet-121", Paper.denseNet, 7_978_856, .pictures(atLeast: 29)) {
      classes, _ in DenseNet121(classes: classes)
    },
    entry("efficientnet_b0", "EfficientNet-B0", Paper.efficientNet, 5_288_548) {
      EfficientNetB0(classes: $0, dropout: $1 ?? 0.2)
    },
  ]

  /// The network of that name.
  public static func entry(named name: String) -> ZooEntry? {
    entries.first { $0.name == name }
  }

  private static func entry(
    _ name: String, _ title: String, _ paper: String, _ parameterCount: Int,
    _ task: ZooTask = .pictures(), build: @escaping @Sendable (Int, Double?) -> any Layer
  ) -> ZooEntry {
    ZooEntry(
      name: name, title: title, paper: paper, input: task.input, sides: task.sides,
      classCount: task.classCount, parameterCount: parameterCount,
      preprocessing: task.preprocessing, build: build)
  }
}
