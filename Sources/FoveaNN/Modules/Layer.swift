public import FoveaTensor

/// A module that turns one tensor into another.
///
/// Write ``forward(_:)``; call the layer like a function.
public protocol Layer: Module {
  /// What the layer does. Called through `callAsFunction`.
  func forward(_ input: Tensor) -> Tensor
}

extension Layer {
  /// Applies the layer; what it records is remembered as its own, for messages, drawings and
  /// timings.
  public func callAsFunction(
    _ input: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let scope = RecordingScope(
      name: name, file: file, line: line, parent: RecordingScope.current)
    let output = RecordingScope.$current.withValue(scope) { forward(input) }
    CallTrace.current?.note(self, scope, output)
    return output
  }
}
