import Fovea
import FoveaCommandKit

/// `fovea models`: the zoo as a table.
enum ModelsVerb {
  static let json = Option.flag("json", help: "one JSON object on standard output")

  static let command = Command(
    "models", summary: "list the networks Fovea knows",
    discussion: """
      One line per network: what it is called, the picture it takes, its parameters, its \
      multiply-adds for one picture, and where it was published.
      """,
    options: [json],
    examples: [
      Example("fovea models", "all of them"),
      Example("fovea summary resnet50", "one of them, layer by layer"),
    ])

  static let verb = Verb(command) { invocation, console in
    if invocation[json] {
      let models = Zoo.entries.map { JSONValue.object(fields(of: $0)) }
      let object = JSONValue.object([
        JSONField("schema", "fovea.models/1"), JSONField("models", .array(models)),
      ])
      try console.output(object.line + "\n")
    } else {
      var table = TextTable([
        .words("name"), .words("input"), .numbers("parameters"), .numbers("multiply-adds"),
        .words("paper"),
      ])
      for entry in Zoo.entries {
        table.append([
          entry.name, entry.input.typed, NumberText.grouped(entry.parameterCount),
          NumberText.large(multiplyAdds(of: entry)), entry.paper,
        ])
      }
      try console.output(table.text(console.outputFacts))
    }
    return .success
  }

  private static func multiplyAdds(of entry: ZooEntry) -> Int {
    ModelSummary(of: entry.make(), input: Shape([1] + entry.input.extents)).multiplyAdds
  }

  private static func fields(of entry: ZooEntry) -> [JSONField] {
    [
      JSONField("name", .string(entry.name)), JSONField("title", .string(entry.title)),
      JSONField("paper", .string(entry.paper)), JSONField("input", entry.input.json),
      JSONField("classes", .integer(entry.classCount)),
      JSONField("parameters", .integer(entry.parameterCount)),
      JSONField("multiplyAdds", .integer(multiplyAdds(of: entry))),
    ]
  }
}
