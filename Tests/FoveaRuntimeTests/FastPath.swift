import FoveaTensor
import Testing

@testable import FoveaRuntime

/// Compares the engine with the meaning.
enum FastPath {
  /// The largest relative error over all outputs, measured against each output's own norm.
  static func error(_ tensors: [Tensor]) throws -> Double {
    let fast = try Engine.run(results: tensors).results
    let exact = Interpreter.evaluate(tensors)
    var worst = 0.0
    for (fast, exact) in zip(fast, exact) {
      var (difference, norm) = (0.0, 0.0)
      for (a, b) in zip(fast.scalars, exact.scalars) {
        if a.isNaN != b.isNaN { return .infinity }
        if a.isNaN || a == b { continue }
        difference += (a - b) * (a - b)
        norm += b * b
      }
      worst = max(worst, difference == 0 ? 0 : (difference / max(norm, 1e-300)).squareRoot())
    }
    return worst
  }

  /// The steps of the plan for `tensors` that have no fast form.
  static func fallbacks(_ tensors: [Tensor]) throws -> [String] {
    let observer = StepObserver()
    _ = try Engine.run(results: tensors, observe: observer)
    return observer.entries.filter { $0.kernel == MeaningFallback.kernel }.map(\.name)
  }
}
