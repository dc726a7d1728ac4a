extension Option where Value == String? {
  /// Some text, a file or a folder that may be left out.
  public static func optionalText(
    _ name: String, short: Character? = nil, kind: ValueKind = .text, placeholder: String,
    environment: String? = nil, help: String
  ) -> Option<String?> {
    Option(
      definition: OptionDefinition(
        name: name, short: short, kind: kind, placeholder: placeholder, fallback: nil,
        environment: environment, help: help),
      read: { value in
        guard case .text(let text) = value else { return nil }
        return text
      })
  }
}
