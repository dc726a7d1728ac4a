public import FoveaNN
public import FoveaTensor

/// Iandola, Han, Moskewicz, Ashraf, Dally, Keutzer. *SqueezeNet: AlexNet-level accuracy with 50x
/// fewer parameters and < 0.5 MB model size*, 2016; version 1.1 of the authors' repository.
public struct SqueezeNet: Layer {
  public let features: Sequential
  public let classifier: Sequential

  public init(classes: Int = 1000) {
    features = Sequential {
      Conv2D(in: 3, out: 64, kernel: 3, stride: 2)
      ReLU()
      MaxPool(3, stride: 2, ceil: true)
      Fire(in: 64, squeeze: 16, expand: 64)
      Fire(in: 128, squeeze: 16, expand: 64)
      MaxPool(3, stride: 2, ceil: true)
      Fire(in: 128, squeeze: 32, expand: 128)
      Fire(in: 256, squeeze: 32, expand: 128)
      MaxPool(3, stride: 2, ceil: true)
      Fire(in: 256, squeeze: 48, expand: 192)
      Fire(in: 384, squeeze: 48, expand: 192)
      Fire(in: 384, squeeze: 64, expand: 256)
      Fire(in: 512, squeeze: 64, expand: 256)
    }
    classifier = Sequential {
      Dropout()
      Conv2D(in: 512, out: classes, kernel: 1, weights: .normal(deviation: 0.01), biases: .zeros)
      ReLU()
      GlobalAveragePool()
    }
  }

  public func forward(_ x: Tensor) -> Tensor { classifier(features(x)).flattened() }
}

/// A narrow 1×1 convolution, then 1×1 and 3×3 side by side.
struct Fire: Layer {
  let squeeze: Conv2D
  let expand1x1: Conv2D
  let expand3x3: Conv2D

  init(in inputs: Int, squeeze narrow: Int, expand wide: Int) {
    squeeze = Conv2D(in: inputs, out: narrow, kernel: 1)
    expand1x1 = Conv2D(in: narrow, out: wide, kernel: 1)
    expand3x3 = Conv2D(in: narrow, out: wide, kernel: 3, padding: 1)
  }

  func forward(_ x: Tensor) -> Tensor {
    let narrow = squeeze(x).relu()
    return expand1x1(narrow).relu().concatenated(with: expand3x3(narrow).relu(), axis: 1)
  }
}
