public import FoveaNN
public import FoveaTensor

/// A network of the literature, and what is published of it.
public struct ModelCase: Sendable, CustomStringConvertible {
  public let description: String
  public let make: @Sendable () -> any Layer
  /// What torchvision counts.
  public let parameterCount: Int
  /// One picture, or sound.
  public let input: Shape
  public let output: Shape

  public static let all: [ModelCase] = [
    ModelCase("LeNet-5", LeNet5.init, 61_706, input: [1, 1, 28, 28], output: [1, 10]),
    ModelCase("VGG-16", { VGG16() }, 138_357_544),
    ModelCase("ResNet-18", { ResNet(.d18) }, 11_689_512),
    ModelCase("ResNet-50", { ResNet(.d50) }, 25_557_032),
    ModelCase("MobileNetV2", { MobileNetV2() }, 3_504_872),
    ModelCase("SqueezeNet 1.1", { SqueezeNet() }, 1_235_496),
    ModelCase("DenseNet-121", { DenseNet121() }, 7_978_856),
    ModelCase("EfficientNet-B0", { EfficientNetB0() }, 5_288_548),
  ]

  init(
    _ description: String, _ make: @escaping @Sendable () -> any Layer, _ parameterCount: Int,
    input: Shape = [1, 3, 224, 224], output: Shape = [1, 1000]
  ) {
    self.description = description
    self.make = make
    self.parameterCount = parameterCount
    self.input = input
    self.output = output
  }
}
