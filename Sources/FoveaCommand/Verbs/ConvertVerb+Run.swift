import Fovea
import FoveaCommandKit

extension ConvertVerb {
  static let verb = Verb(command) { invocation, console in
    let target = invocation[result].first
    let isListing = invocation[list]
    guard target != nil || isListing else {
      throw UsageError(
        "there is nothing to do without OUT",
        hint: "fovea convert IN OUT.safetensors, or fovea convert IN --list")
    }
    if let target, !target.lowercased().hasSuffix(".safetensors") {
      throw UsageError(
        "\(visible(target)) cannot be written: only safetensors can",
        hint: "give OUT a name that ends with .safetensors")
    }
    let path = invocation[input].first ?? ""
    var weights = try Weights.read(path)
    let found = weights.format
    if let type = elementTypes[invocation[dtype]] { weights = weights.converted(to: type) }
    for note in weights.notes { console.message("note:  \(visible(note, limit: 1000))\n") }
    if let target { try weights.write(target) }
    let report = ConvertReport(weights, format: found, path: path, target: target)
    if invocation[json] {
      try console.output(report.json(listing: isListing).line + "\n")
    } else {
      try console.output(report.text(listing: isListing))
    }
    return .success
  }

  private static let elementTypes: [String: ElementType] = [
    "f32": .float32, "f16": .float16, "bf16": .bfloat16,
  ]
}

/// What `fovea convert` says about weights.
private struct ConvertReport {
  private let weights: Weights
  private let format: WeightFormat
  private let path: String
  private let target: String?
  private let names: [String]
  private let elementCount: Int
  private let byteCount: Int

  init(_ weights: Weights, format: WeightFormat, path: String, target: String?) {
    self.weights = weights
    self.format = format
    self.path = path
    self.target = target
    names = weights.tensors.keys.sorted()
    elementCount = weights.tensors.values.reduce(0) { $0 + $1.shape.count }
    byteCount = weights.tensors.values.reduce(0) { $0 + $1.type.byteCount }
  }

  func text(listing: Bool) -> String {
    var text = ""
    if listing {
      let width = names.map { visible($0).count }.max() ?? 0
      for name in names {
        guard let type = weights.tensors[name]?.type else { continue }
        let gap = String(repeating: " ", count: width + 2 - visible(name).count)
        let kind = "\(type.elementType)"
        let column = String(repeating: " ", count: max(1, 10 - kind.count))
        text += "\(visible(name))\(gap)\(kind)\(column)\(extents(type))\n"
      }
    }
    let sum =
      "\(names.count) tensors, \(NumberText.grouped(elementCount)) numbers, "
      + NumberText.bytes(byteCount)
    let arrow = target.map { " → \(visible($0))" } ?? ""
    return text + "\(visible(path)) (\(format))\(arrow): \(sum)\n"
  }

  private func extents(_ type: TensorType) -> String {
    type.rank == 0 ? "–" : type.shape.extents.map(String.init).joined(separator: "×")
  }

  func json(listing: Bool) -> JSONValue {
    var fields = [
      JSONField("schema", .string("fovea.convert/1")), JSONField("input", .string(path)),
      JSONField("format", .string(format.rawValue)),
      JSONField("output", target.map(JSONValue.string) ?? .null),
      JSONField("tensors", .integer(names.count)), JSONField("numbers", .integer(elementCount)),
      JSONField("bytes", .integer(byteCount)),
      JSONField("notes", .array(weights.notes.map(JSONValue.string))),
      JSONField(
        "metadata",
        .object(
          weights.metadata.sorted { $0.key < $1.key }.map { JSONField($0.key, .string($0.value)) })),
    ]
    if listing {
      fields.append(
        JSONField(
          "list",
          .array(
            names.compactMap { name in
              weights.tensors[name].map { tensor in
                .object([
                  JSONField("name", .string(name)),
                  JSONField("type", .string("\(tensor.elementType)")),
                  JSONField("shape", .array(tensor.shape.extents.map(JSONValue.integer))),
                ])
              }
            })))
    }
    return .object(fields)
  }
}
