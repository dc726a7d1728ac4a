/// What stands around an image.
public enum Surroundings: Hashable, Sendable {
  /// One number everywhere.
  case constant(Double)
  /// The image mirrored, without repeating its edge: `c b | a b c | b a`.
  case reflection
  /// The image mirrored, with its edge: `b a | a b c | c b`.
  case symmetry
  /// The edge repeated: `a a | a b c | c c`.
  case edge
  /// The image repeated: `b c | a b c | a b`.
  case repetition
}

// Not-a-number must equal itself here: two recordings of one formula are one plan.
extension Surroundings {
  public static func == (left: Surroundings, right: Surroundings) -> Bool {
    switch (left, right) {
    case (.constant(let a), .constant(let b)): a.bitPattern == b.bitPattern
    case (.reflection, .reflection), (.symmetry, .symmetry), (.edge, .edge),
      (.repetition, .repetition):
      true
    default: false
    }
  }
}
