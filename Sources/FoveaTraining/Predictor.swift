public import FoveaNN
import FoveaRuntime
public import FoveaTensor
import Synchronization

/// A network that answers: what it does with a kind of input is recorded once, and from then on only
/// computed.
///
/// ```swift
/// let predictor = Predictor(model)
/// for images in batches { print(try predictor(images).scalars()) }
/// ```
///
/// The answers are those of `model(images)` in inference mode, with the weights the model has at that
/// moment. For a small network on few images, saying everything anew takes as long as computing it.
public final class Predictor: Sendable {
  private let model: any Layer
  private let parameters: [Parameter]
  private let known = Mutex<[TensorType: Answer]>([:])

  /// The kinds of input that are remembered.
  private static let mostTypes = 16

  public init(_ model: some Layer) {
    self.model = model
    parameters = model.parameters
  }

  /// The answer to an input, computed.
  public func callAsFunction(_ input: Tensor) throws -> Tensor {
    let input = try input.tryDetached()
    let kept = known.withLock { $0[input.type] }
    if let kept, kept.isCurrent { return try kept.computed(input) }
    let answer = Answer(model, parameters, input)
    known.withLock { known in
      if known.count >= Predictor.mostTypes { known.removeAll() }
      known[input.type] = answer.isRepeatable ? answer : nil
    }
    return try answer.computed(input)
  }
}

/// What a network does with inputs of one type, and the weights it was recorded with.
private struct Answer: @unchecked Sendable {
  private let recording: Recording
  /// Where the input is among the leaves; it need not be used at all.
  private let position: Int?
  private let weights: [(parameter: Parameter, leaf: Node)]

  init(_ model: any Layer, _ parameters: [Parameter], _ input: Tensor) {
    weights = parameters.map { ($0, $0.tensor.node) }
    // Something else than the input, which then need not be kept.
    let place = Tensor.placeholder(input.type)
    recording = Recording(results: [withMode(.inference) { model(place) }])
    position = recording.leaves.firstIndex { $0 === place.node }
  }

  /// Whether the network still has these weights.
  var isCurrent: Bool { weights.allSatisfy { $0.parameter.tensor.node === $0.leaf } }

  var isRepeatable: Bool { recording.isRepeatable }

  func computed(_ input: Tensor) throws -> Tensor {
    var leaves = recording.leaves
    if let position { leaves[position] = input.node }
    return Tensor(try recording.results(from: leaves)[0])
  }
}
