public import FoveaNN
public import FoveaTensor

/// The networks Fovea knows by name, and what is published of them.
public struct ZooEntry: Sendable, CustomStringConvertible {
  /// What the command line calls it.
  public let name: String
  public let title: String
  /// What torchvision counts.
  public let parameterCount: Int
  /// One picture, or sound.
  public let input: Shape
  /// How many classes there are unless told otherwise.
  public let classCount: Int
  public let make: @Sendable () -> any Layer

  public var description: String { title }
}

public enum Zoo {
  public static let entries: [ZooEntry] = [
    entry("lenet5", "LeNet-5", 61_706, input: [1, 28, 28], classCount: 10) { LeNet5() },
    entry("vgg16", "VGG-16", 138_357_544) { VGG16() },
    entry("resnet18", "ResNet-18", 11_689_512) { ResNet(.d18) },
    entry("resnet50", "ResNet-50", 25_557_032) { ResNet(.d50) },
    entry("mobilenet_v2", "MobileNetV2", 3_504_872) { MobileNetV2() },
    entry("squeezenet1_1", "SqueezeNet 1.1", 1_235_496) { SqueezeNet() },
    entry("densenet121", "DenseNet-121", 7_978_856) { DenseNet121() },
    entry("efficientnet_b0", "EfficientNet-B0", 5_288_548) { EfficientNetB0() },
  ]

  /// The network of that name.
  public static func entry(named name: String) -> ZooEntry? {
    entries.first { $0.name == name }
  }

  private static func entry(
    _ name: String, _ title: String, _ parameterCount: Int, input: Shape = [3, 224, 224],
    classCount: Int = 1000, make: @escaping @Sendable () -> any Layer
  ) -> ZooEntry {
    ZooEntry(
      name: name, title: title, parameterCount: parameterCount, input: input,
      classCount: classCount, make: make)
  }
}
