/// Emphasis for a terminal; colour never carries information alone.
public enum Style: Sendable {
  /// No escape sequences.
  case plain
  /// ANSI escape sequences.
  case colored

  /// Bold text.
  public func bold(_ text: String) -> String { wrap(text, code: "1") }

  /// Faint text.
  public func faint(_ text: String) -> String { wrap(text, code: "2") }

  /// The text of an error's first word.
  public func alarm(_ text: String) -> String { wrap(text, code: "1;31") }

  private func wrap(_ text: String, code: String) -> String {
    self == .colored ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
