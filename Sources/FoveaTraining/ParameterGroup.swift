public import FoveaNN
import FoveaTensor

/// Parameters that are moved in a manner of their own.
public struct ParameterGroup: Sendable {
  public var parameters: [Parameter]
  /// What the optimizer's learning rate is multiplied with.
  public var rateFactor: Double
  /// Instead of the rule's own weight decay.
  public var weightDecay: Double?

  public init(_ parameters: [Parameter], rateFactor: Double = 1, weightDecay: Double? = nil) {
    self.parameters = parameters
    self.rateFactor = rateFactor
    self.weightDecay = weightDecay
  }

  /// Two groups: weights decay, while biases and the scales of normalisation, which have one axis,
  /// do not.
  ///
  /// He, Zhang, Zhang, Zhang, Xie, Li. *Bag of tricks for image classification with convolutional
  /// neural networks*, 2018, section 3.1.
  public static func decayingOnlyWeights(of model: some Module) -> [ParameterGroup] {
    let trainable = model.parameters.filter(\.isTrainable)
    return [
      ParameterGroup(trainable.filter { $0.shape.rank > 1 }),
      ParameterGroup(trainable.filter { $0.shape.rank <= 1 }, weightDecay: 0),
    ]
  }
}
