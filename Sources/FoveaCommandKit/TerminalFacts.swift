/// What is known about one output stream: is it a terminal, how wide, may it be coloured.
public struct TerminalFacts: Sendable, Equatable {
  /// When to use colours, as said by `--color`.
  public enum ColorChoice: String, Sendable, CaseIterable {
    /// On a terminal, unless the environment says otherwise.
    case auto
    /// Always.
    case always
    /// Never.
    case never
  }

  /// Whether a person is looking.
  public let isTerminal: Bool
  /// The number of columns.
  public let width: Int
  /// Whether escape sequences for colours are welcome.
  public let usesColor: Bool
  /// Whether the locale can show characters beyond ASCII.
  public let isUnicode: Bool

  /// Works the facts out; the width is the terminal's, else `COLUMNS`, else 80.
  public init(
    isTerminal: Bool, reportedWidth: Int?, color: ColorChoice = .auto,
    environment: (String) -> String?
  ) {
    func value(_ name: String) -> String? {
      environment(name).flatMap { $0.isEmpty ? nil : $0 }
    }
    self.isTerminal = isTerminal
    let widths = [reportedWidth, value("COLUMNS").flatMap { Int($0) }]
    width = widths.compactMap(\.self).first { (10...10_000).contains($0) } ?? 80
    switch color {
    case .always: usesColor = true
    case .never: usesColor = false
    case .auto:
      let isForced = value("CLICOLOR_FORCE").map { $0 != "0" } ?? false
      let isForbidden = value("NO_COLOR") != nil || value("TERM") == "dumb"
      usesColor = !isForbidden && (isTerminal || isForced)
    }
    let locale = value("LC_ALL") ?? value("LC_CTYPE") ?? value("LANG") ?? ""
    let name = locale.lowercased()
    isUnicode = name.contains("utf-8") || name.contains("utf8")
  }

  /// The style that suits the stream.
  public var style: Style { usesColor ? .colored : .plain }
}
