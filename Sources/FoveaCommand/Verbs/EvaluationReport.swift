import Fovea
import FoveaCommandKit

/// How the result of `fovea evaluate` is written.
struct EvaluationReport {
  let model: ResolvedModel
  let reference: String
  let data: ClassFolders
  let evaluation: Evaluation
  let comparison: PrecisionComparison?
  let skipped: [PictureError]
  let seconds: Double

  private var rate: Double { seconds > 0 ? Double(evaluation.total) / seconds : 0 }
  private var classes: [Int] { data.folders.keys.sorted() }

  /// The result for a program.
  var json: JSONValue {
    let interval = evaluation.interval
    return .object([
      JSONField("schema", "fovea.evaluate/1"), JSONField("model", .string(model.entry.name)),
      JSONField("weights", .string(reference)), JSONField("data", .string(data.path)),
      JSONField("matchedByOrder", .bool(data.isMatchedByOrder)),
      JSONField("pictures", .integer(evaluation.total)),
      JSONField("right", .integer(evaluation.right)),
      JSONField("top1", .number(evaluation.accuracy)),
      JSONField("interval", [.number(interval.lowerBound), .number(interval.upperBound)]),
      JSONField("top5", .number(evaluation.accuracyOfFive)),
      JSONField("classes", .array(classes.map(object))),
      JSONField(
        "confusions",
        .array(
          evaluation.confusions.map { confusion in
            [
              "truth": .integer(confusion.truth), "answer": .integer(confusion.answer),
              "count": .integer(confusion.count),
            ]
          })),
      JSONField(
        "skipped",
        .array(
          skipped.map { ["file": .string($0.name), "error": .string($0.description)] })),
      JSONField("seconds", .number(seconds)), JSONField("picturesPerSecond", .number(rate)),
      JSONField("precision", .string(comparison?.precision ?? "float32")),
      JSONField(
        "comparison",
        comparison.map { comparison in
          [
            "agreement": .number(comparison.agreement),
            "top1InFloat32": .number(comparison.accuracyInFloat32),
            "loss": .number(comparison.loss),
          ]
        } ?? .null),
    ])
  }

  private func object(_ index: Int) -> JSONValue {
    func number(_ value: Double?) -> JSONValue { value.map(JSONValue.number) ?? .null }
    return [
      "class": .integer(index), "label": .string(model.label(index)),
      "folder": .string(data.folders[index] ?? ""),
      "pictures": .integer(evaluation.pictures(of: index)),
      "recall": number(evaluation.recall(of: index)),
      "precision": number(evaluation.precision(of: index)),
    ]
  }

  /// The result for a person: the finding first, then the numbers behind it.
  func text(_ facts: TerminalFacts) -> String {
    let style = facts.style
    let interval = evaluation.interval
    var text = style.bold("accuracy \(NumberText.percent(evaluation.accuracy, 1))")
    text += " [\(NumberText.fixed(interval.lowerBound * 100, 1))–"
    text += "\(NumberText.fixed(interval.upperBound * 100, 1))]"
    if model.classCount > 5 {
      text += "   among the first five \(NumberText.percent(evaluation.accuracyOfFive, 1))"
    }
    text += "   \(NumberText.grouped(evaluation.total)) pictures"
    if !skipped.isEmpty { text += ", \(NumberText.grouped(skipped.count)) skipped" }
    text += "\n"
    if let comparison {
      text += "\(comparison.precision) agrees with float32 on "
      text += "\(NumberText.percent(comparison.agreement, 1)) of the pictures; float32 is right on "
      text += "\(NumberText.percent(comparison.accuracyInFloat32, 1))\n"
    }
    return text + "\n" + table(style, width: facts.width) + confusions(style)
  }

  private func table(_ style: Style, width: Int) -> String {
    let names = classes.map { visible(model.label($0)).shortened(to: max(10, width - 40)) }
    let column = max(5, names.map(\.count).max() ?? 0)
    func cell(_ text: String) -> String {
      String(repeating: " ", count: max(1, 12 - text.count)) + text
    }
    func percent(_ share: Double?) -> String { share.map { NumberText.percent($0, 1) } ?? "–" }
    var text =
      style.faint(
        "class".padded(to: column) + cell("pictures") + cell("found") + cell("right")) + "\n"
    for (name, index) in zip(names, classes) {
      text += name.padded(to: column) + cell(NumberText.grouped(evaluation.pictures(of: index)))
      text += cell(percent(evaluation.recall(of: index)))
      text += cell(percent(evaluation.precision(of: index))) + "\n"
    }
    return text
  }

  private func confusions(_ style: Style) -> String {
    let worst = evaluation.confusions.prefix(5)
    guard !worst.isEmpty else { return "" }
    var text = "\n" + style.faint("most often confused") + "\n"
    for confusion in worst {
      text += "\(confusion.count) × \(visible(model.label(confusion.truth)))"
      text += " taken for \(visible(model.label(confusion.answer)))\n"
    }
    return text
  }
}
