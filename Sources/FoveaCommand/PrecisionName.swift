import Fovea
import FoveaCommandKit

/// A precision as the command line says it.
enum PrecisionName {
  /// What can be trained in.
  static let trainable = ["f32", "bf16"]
  static let names = trainable + ["int8"]

  static let dtype = Option.choice(
    "dtype", placeholder: "TYPE", among: names, default: "f32",
    help: "the numbers that convolutions and matrix products multiply")
  static let calibrate = Option.optionalText(
    "calibrate", kind: .folder, placeholder: "FOLDER",
    help: "with --dtype int8: pictures like those to come, on which activations are measured")

  /// The precision of that name, or a refusal where this processor has no such thing.
  ///
  /// - Parameter calibration: measures activations; it is asked for int8 alone.
  static func precision(
    _ name: String, _ calibration: () throws -> Calibration
  ) throws -> Precision {
    do {
      switch name {
      case "int8":
        guard Precision.multipliesBytes else { throw PrecisionRefusal.int8 }
        return .int8(try calibration())
      case "bf16":
        try withPrecision(.bfloat16) {}
        return .bfloat16
      default: return .float32
      }
    } catch let refusal as PrecisionRefusal {
      throw CommandFailure(.unavailable, "\(refusal)")
    } catch let error as CalibrationError {
      throw CommandFailure(.dataError, "\(error)")
    }
  }
}
