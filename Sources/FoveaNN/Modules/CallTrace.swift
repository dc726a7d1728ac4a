import FoveaTensor
import Synchronization

/// The calls of layers while a model is recorded, for those who look inside.
final class CallTrace: Sendable {
  struct Call: Sendable {
    let layer: any Layer
    let scope: RecordingScope
    let output: Shape
  }

  @TaskLocal static var current: CallTrace?

  private let noted = Mutex<[Call]>([])

  /// Every call, those within another before it.
  var calls: [Call] { noted.withLock { $0 } }

  func note(_ layer: some Layer, _ scope: RecordingScope, _ output: Tensor) {
    noted.withLock { $0.append(Call(layer: layer, scope: scope, output: output.shape)) }
  }
}
