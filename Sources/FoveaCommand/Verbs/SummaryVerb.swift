import Fovea
import FoveaCommandKit

/// `fovea summary`: a network layer by layer.
enum SummaryVerb {
  static let model = Argument(
    "MODEL", kind: .file, help: "a network, which fovea models lists, or a file with weights")
  static let batch = Option.integer(
    "batch", short: "b", placeholder: "N", in: 1...1024, default: 1, help: "pictures at once")
  static let input = Option.optionalText(
    "input", short: "i", placeholder: "CxHxW",
    help: "channels, height and width of a picture; when left out, the network's own")
  static let depth = Option.integer(
    "depth", short: "d", placeholder: "N", in: 0...99, default: 2,
    help: "how many names deep layers are told apart; deeper ones are summed up")
  static let json = Option.flag("json", help: "one JSON object on standard output")

  static let command = Command(
    "summary", summary: "show a network layer by layer",
    discussion: """
      Every layer with its output, its parameters and its multiply-adds, which are counted on the \
      recorded graph; and the sums. Nothing is computed. In a file with weights the network is \
      recognised by names and shapes; if none fits, the nearest is named, with every difference.
      """,
    arguments: [model], options: [batch, input, depth, json],
    examples: [
      Example("fovea summary resnet50", "blocks and single layers"),
      Example("fovea summary resnet50 --depth 1", "stages as one line each"),
      Example("fovea summary resnet20.pth", "what these are the weights of"),
      Example("fovea summary vgg16 --input 3x64x64 --batch 8", "for other pictures"),
      Example("fovea summary densenet121 --depth 99 --json", "every layer, for a script"),
    ])

  static let verb = Verb(command) { invocation, console in
    let network = try ModelResolver.network(invocation[model].first ?? "")
    for note in network.notes { console.message("note:  \(visible(note, limit: 1000))\n") }
    let picture = try invocation[input].map { try shape($0, for: network.entry) } ?? network.input
    let summary = ModelSummary(
      of: network.make(), input: Shape([invocation[batch]] + picture.extents))
    let rows = summary.rows(depth: invocation[depth])
    if invocation[json] {
      try console.output(object(network, summary, rows).line + "\n")
    } else {
      try console.output(page(network, summary, rows, console.outputFacts))
    }
    return .success
  }

  /// The shape of a picture as it was typed, where the network takes such pictures.
  private static func shape(_ text: String, for entry: ZooEntry) throws -> Shape {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    let extents = parts.compactMap(\.self)
    guard extents.count == 3, parts.count == 3, extents.allSatisfy({ $0 > 0 }) else {
      throw UsageError(
        "--input must be channels, height and width, got \(visible(text))",
        hint: "the network's own is \(entry.input.typed)")
    }
    guard extents[0] == entry.input[0] else {
      throw UsageError(
        "\(entry.name) takes pictures of \(entry.input[0]) channels, got \(extents[0])",
        hint: "the network's own is \(entry.input.typed)")
    }
    let sides = entry.sides
    guard sides.contains(extents[1]), sides.contains(extents[2]) else {
      let allowed =
        sides.count == 1
        ? "\(sides.lowerBound)" : "\(sides.lowerBound) to \(sides.upperBound)"
      throw UsageError(
        "\(entry.name) takes heights and widths of \(allowed) pixels, "
          + "got \(extents[1]) and \(extents[2])",
        hint: "the network's own is \(entry.input.typed)")
    }
    return Shape(extents)
  }

  private static func page(
    _ network: NamedNetwork, _ summary: ModelSummary, _ rows: [ModelSummary.Row],
    _ facts: TerminalFacts
  ) -> String {
    let entry = network.entry
    let file = network.file.map {
      "\(visible($0)): weights of \(entry.name), \(NumberText.grouped(network.classCount)) classes\n"
    }
    var table = TextTable([
      .words("path"), .words("layer"), .words("output"), .numbers("parameters"),
      .numbers("multiply-adds"),
    ])
    for row in rows {
      table.append([
        row.path.isEmpty ? "(whole)" : row.path, row.layer, row.output.typed,
        row.parameterCount == 0 ? "" : NumberText.grouped(row.parameterCount),
        row.multiplyAdds == 0 ? "" : NumberText.large(row.multiplyAdds),
      ])
    }
    return (file ?? "") + """
      \(entry.title)  input \(summary.input.typed)  \(entry.paper)

      \(table.text(facts))
      parameters     \(NumberText.grouped(summary.parameterCount))
      multiply-adds  \(NumberText.large(summary.multiplyAdds))
      weights        \(NumberText.bytes(summary.weightByteCount))

      """
  }

  private static func object(
    _ network: NamedNetwork, _ summary: ModelSummary, _ rows: [ModelSummary.Row]
  ) -> JSONValue {
    let entry = network.entry
    let layers = rows.map { row in
      JSONValue.object([
        JSONField("path", .string(row.path)), JSONField("layer", .string(row.layer)),
        JSONField("output", row.output.json),
        JSONField("parameters", .integer(row.parameterCount)),
        JSONField("multiplyAdds", .integer(row.multiplyAdds)),
      ])
    }
    return .object([
      JSONField("schema", "fovea.summary/1"), JSONField("model", .string(entry.name)),
      JSONField("title", .string(entry.title)), JSONField("paper", .string(entry.paper)),
      JSONField("file", network.file.map(JSONValue.string) ?? .null),
      JSONField("classes", .integer(network.classCount)),
      JSONField("input", summary.input.json), JSONField("output", summary.output.json),
      JSONField("parameters", .integer(summary.parameterCount)),
      JSONField("multiplyAdds", .integer(summary.multiplyAdds)),
      JSONField("weightBytes", .integer(summary.weightByteCount)),
      JSONField("layers", .array(layers)),
    ])
  }
}
