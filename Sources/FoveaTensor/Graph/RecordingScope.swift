/// The layer that is recording, and through it the layers around it.
public final class RecordingScope: Sendable {
  public let name: String
  public let file: StaticString
  public let line: UInt
  public let parent: RecordingScope?

  @TaskLocal public static var current: RecordingScope?

  public init(name: String, file: StaticString, line: UInt, parent: RecordingScope?) {
    self.name = name
    self.file = file
    self.line = line
    self.parent = parent
  }

  /// Records what `body` says as a part of `scope`; as it is recorded anyway, where there is none.
  static func recording<Result>(
    in scope: RecordingScope?, _ body: () throws(ShapeError) -> Result
  ) throws(ShapeError) -> Result {
    guard let scope, scope !== current else { return try body() }
    let result = $current.withValue(scope) { () -> Swift.Result<Result, ShapeError> in
      do throws(ShapeError) { return .success(try body()) } catch { return .failure(error) }
    }
    return try result.get()
  }

  /// The names from the outermost layer to this one, such as `ResNet › Bottleneck › Conv2D`.
  public var path: String {
    var names = [name]
    var scope = parent
    while let outer = scope {
      names.append(outer.name)
      scope = outer.parent
    }
    return names.reversed().joined(separator: " › ")
  }

  /// The call of the user: the outermost layer's.
  var outermost: RecordingScope {
    var scope = self
    while let outer = scope.parent { scope = outer }
    return scope
  }
}

/// Stops the program with the words of `error`, at the caller's line and with the layers around it.
package func refuse(_ error: ShapeError, file: StaticString, line: UInt) -> Never {
  guard let scope = RecordingScope.current else {
    fatalError(error.description, file: file, line: line)
  }
  let outermost = scope.outermost
  fatalError(
    "\(error)\n  while recording \(scope.path)", file: outermost.file, line: outermost.line)
}
