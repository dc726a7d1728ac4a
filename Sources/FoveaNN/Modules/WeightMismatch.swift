/// Why saved weights do not fit a model: every difference, not only the first.
public struct WeightMismatch: Error, Equatable, CustomStringConvertible {
  /// What the model has and the weights lack.
  public var missing: [String] = []
  /// What the weights have and the model lacks.
  public var unused: [String] = []
  /// What has another shape or another element type, in words.
  public var misshapen: [String] = []
  /// What two names were renamed to, in words.
  public var colliding: [String] = []

  public init() {}

  var isEmpty: Bool {
    missing.isEmpty && unused.isEmpty && misshapen.isEmpty && colliding.isEmpty
  }

  public var description: String {
    let kinds = [
      ("missing", missing), ("not in the model", unused), ("of another type", misshapen),
      ("renamed to the same name", colliding),
    ]
    let lines = kinds.filter { !$0.1.isEmpty }.map { kind, names in
      "\n  \(names.count) \(kind): \(WeightMismatch.listing(names))"
    }
    return "the weights do not fit the model" + lines.joined()
  }

  /// How many of each kind are named in the text; the lists themselves have all.
  private static let namedAtMost = 50

  private static func listing(_ names: [String]) -> String {
    let more = names.count - namedAtMost
    let shown = names.prefix(namedAtMost).joined(separator: ", ")
    return more > 0 ? "\(shown), … and \(more) more" : shown
  }
}
