import Fovea
import FoveaCommandKit

/// `fovea summary`: a network layer by layer.
enum SummaryVerb {
  static let model = Argument("MODEL", kind: .text, help: "a network; fovea models lists them")
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
      recorded graph; and the sums. Nothing is computed.
      """,
    arguments: [model], options: [batch, input, depth, json],
    examples: [
      Example("fovea summary resnet50", "blocks and single layers"),
      Example("fovea summary resnet50 --depth 1", "stages as one line each"),
      Example("fovea summary vgg16 --input 3x64x64 --batch 8", "for other pictures"),
      Example("fovea summary densenet121 --depth 99 --json", "every layer, for a script"),
    ])

  static let verb = Verb(command) { invocation, console in
    let entry = try Zoo.require(invocation[model].first ?? "")
    let picture = try invocation[input].map { try shape($0, for: entry) } ?? entry.input
    let summary = ModelSummary(
      of: entry.make(), input: Shape([invocation[batch]] + picture.extents))
    let rows = summary.rows(depth: invocation[depth])
    if invocation[json] {
      try console.output(object(entry, summary, rows).line + "\n")
    } else {
      try console.output(page(entry, summary, rows, console.outputFacts))
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
    _ entry: ZooEntry, _ summary: ModelSummary, _ rows: [ModelSummary.Row],
    _ facts: TerminalFacts
  ) -> String {
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
    return """
      \(entry.title)  input \(summary.input.typed)  \(entry.paper)

      \(table.text(facts))
      parameters     \(NumberText.grouped(summary.parameterCount))
      multiply-adds  \(NumberText.large(summary.multiplyAdds))
      weights        \(NumberText.bytes(summary.weightByteCount))

      """
  }

  private static func object(
    _ entry: ZooEntry, _ summary: ModelSummary, _ rows: [ModelSummary.Row]
  ) -> JSONValue {
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
      JSONField("input", summary.input.json), JSONField("output", summary.output.json),
      JSONField("parameters", .integer(summary.parameterCount)),
      JSONField("multiplyAdds", .integer(summary.multiplyAdds)),
      JSONField("weightBytes", .integer(summary.weightByteCount)),
      JSONField("layers", .array(layers)),
    ])
  }
}
