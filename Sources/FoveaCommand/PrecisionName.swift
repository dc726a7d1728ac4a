import Fovea
import FoveaCommandKit

/// A precision as the command line says it.
enum PrecisionName {
  static let names = ["f32", "bf16"]

  /// Runs `body` in the precision of that name, or says that this processor has no such thing.
  static func with<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try withPrecision(name == "bf16" ? .bfloat16 : .float32, body)
    } catch let refusal as PrecisionRefusal {
      throw CommandFailure(.unavailable, "\(refusal)")
    }
  }
}
