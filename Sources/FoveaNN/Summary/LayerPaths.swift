package import FoveaTensor

/// Where the layers that recorded something are in their model: what `layer1.0.conv1` is to a reader,
/// a scope is to a step of a plan.
package struct LayerPaths: Sendable {
  private var paths: [ObjectIdentifier: String] = [:]
  /// A scope is known by its identity, and must live as long as that is used.
  private let calls: [CallTrace.Call]

  /// Runs `body` and notes the layers it calls.
  package static func tracing<Result>(
    _ body: () throws -> Result
  ) rethrows -> (result: Result, paths: LayerPaths) {
    let trace = CallTrace()
    let result = try CallTrace.$current.withValue(trace, operation: body)
    return (result, LayerPaths(trace.calls))
  }

  private init(_ calls: [CallTrace.Call]) {
    self.calls = calls
    // A model that was called several times is one model.
    var rest = calls[...]
    while let end = rest.firstIndex(where: { $0.scope.parent == nil }) {
      note(LayerCall.tree(of: Array(rest[...end]), recorded: []))
      rest = rest[(end + 1)...]
    }
  }

  private mutating func note(_ call: LayerCall) {
    paths[ObjectIdentifier(call.scope)] = call.path
    for child in call.children { note(child) }
  }

  /// The path of the layer, empty for the model itself; `nil` for what was not noted.
  package subscript(scope: RecordingScope) -> String? { paths[ObjectIdentifier(scope)] }
}
