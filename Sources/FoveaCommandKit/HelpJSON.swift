extension Program {
  /// The whole table as JSON, for agents and for tools that wrap the command.
  public var json: JSONValue {
    [
      "schema": "fovea.help/1",
      "name": .string(name),
      "version": .string(version),
      "summary": .string(summary),
      "commands": .array(commands.map(\.json)),
      "exitCodes": .array(
        ExitCode.allCases.map {
          ["code": .integer(Int($0.rawValue)), "meaning": .string($0.meaning)]
        }),
    ]
  }
}

extension Command {
  /// The verb as JSON.
  public var json: JSONValue {
    [
      "name": .string(name),
      "summary": .string(summary),
      "discussion": .string(discussion),
      "arguments": .array(arguments.map(\.json)),
      "options": .array(definitions.map(\.json)),
      "examples": .array(
        examples.map { ["line": .string($0.line), "meaning": .string($0.meaning)] }),
    ]
  }
}

extension Argument {
  /// The argument as JSON.
  var json: JSONValue {
    var fields = [
      JSONField("name", .string(name)), JSONField("kind", .string(kind.name)),
    ]
    switch count {
    case .one:
      fields.append(JSONField("required", true))
    case .optional(let fallback):
      fields.append(JSONField("required", false))
      fields += [fallback.map { JSONField("default", .string($0)) }].compactMap(\.self)
    case .many(let minimum):
      fields.append(JSONField("required", .bool(minimum > 0)))
      fields.append(JSONField("repeated", true))
    }
    return .object(fields + kind.limits + [JSONField("help", .string(help))])
  }
}

extension OptionDefinition {
  /// The option as JSON.
  var json: JSONValue {
    var fields = [JSONField("name", .string(name))]
    if let short { fields.append(JSONField("short", .string(String(short)))) }
    fields.append(JSONField("kind", .string(kind.name)))
    fields += kind.limits
    if let fallback { fields.append(JSONField("default", fallback.json)) }
    if let environment { fields.append(JSONField("environment", .string(environment))) }
    return .object(fields + [JSONField("help", .string(help))])
  }
}

extension ValueKind {
  /// The ends of the range or the words, as fields.
  fileprivate var limits: [JSONField] {
    switch self {
    case .integer(let range):
      [
        JSONField("minimum", .integer(range.lowerBound)),
        JSONField("maximum", .integer(range.upperBound)),
      ]
    case .number(let range):
      [
        JSONField(range.includesLower ? "minimum" : "exclusiveMinimum", .number(range.lower)),
        JSONField("maximum", .number(range.upper)),
      ]
    case .choice(let words): [JSONField("values", .array(words.map(JSONValue.string)))]
    case .flag, .bytes, .text, .file, .folder: []
    }
  }
}
