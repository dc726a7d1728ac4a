extension Option where Value == String? {
  /// Any text, which may be left out.
  public static func optionalText(
    _ name: String, short: Character? = nil, placeholder: String, environment: String? = nil,
    help: String
  ) -> Option<String?> {
    Option(
      definition: OptionDefinition(
        name: name, short: short, kind: .text, placeholder: placeholder, fallback: nil,
        environment: environment, help: help),
      read: { value in
        guard case .text(let text) = value else { return nil }
        return text
      })
  }
}
