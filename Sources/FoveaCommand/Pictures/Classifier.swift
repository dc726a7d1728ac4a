import Fovea
import FoveaCommandKit
import FoveaRuntime

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Asks a network what is in pictures.
struct Classifier {
  let model: ResolvedModel
  private let predictor: Predictor
  let precision: Precision

  /// - Parameters:
  ///   - dtype: the precision's name.
  ///   - folder: pictures for a precision that needs to see some first.
  init(_ model: ResolvedModel, dtype: String, calibrating folder: String?) throws {
    if dtype == "int8", folder == nil {
      throw UsageError(
        "--dtype int8 needs to see pictures first, and --calibrate is missing",
        hint: "--calibrate FOLDER, with a few dozen pictures like those to come")
    }
    if dtype != "int8", folder != nil {
      throw UsageError("--calibrate is for --dtype int8, not for \(dtype)")
    }
    self.model = model
    predictor = Predictor(model.network)
    precision = try PrecisionName.precision(dtype) {
      try PictureCalibration(model).calibration(folder!)
    }
  }

  /// What the network says of each picture, in the order of the classes; the pictures were fitted.
  func logits(of pictures: [Picture]) throws -> [[Float]] {
    try logits(of: pictures, precision)
  }

  /// The same in another precision.
  func logits(of pictures: [Picture], _ precision: Precision) throws -> [[Float]] {
    let images = model.preprocessing.tensor(ofFitted: pictures)
    let answers = try withPrecision(precision) { try predictor(images).tryScalars() }
    let count = answers.count / max(1, pictures.count)
    return pictures.indices.map { Array(answers[$0 * count..<($0 + 1) * count]) }
  }

  /// The answers to a batch of pictures nobody has drawn, recorded and not computed.
  func recorded(batch: Int) -> Tensor {
    let (height, width) = (model.preprocessing.height, model.preprocessing.width)
    return model.network(
      Tensor.placeholder(TensorType([batch, model.entry.input[0], height, width])))
  }

  /// The answers as shares, the most likely first; what is not a number comes last.
  static func ranked(_ logits: [Float]) -> [Answer] {
    let largest = logits.reduce(-Float.infinity) { $1 > $0 ? $1 : $0 }
    let powers = logits.map { exp(Double($0 - largest)) }
    let sum = powers.reduce(0, +)
    let answers = logits.indices.map {
      Answer(index: $0, logit: logits[$0], share: powers[$0] / sum)
    }
    return answers.sorted { first, second in
      if first.logit.isNaN != second.logit.isNaN { return second.logit.isNaN }
      return first.logit != second.logit && !first.logit.isNaN
        ? first.logit > second.logit : first.index < second.index
    }
  }
}

/// A class and how likely the network finds it.
struct Answer {
  let index: Int
  let logit: Float
  /// From 0 to 1; all answers together make 1.
  let share: Double
}
