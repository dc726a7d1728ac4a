import Fovea
import FoveaCommandKit

/// How the answers of `fovea classify` are written.
struct ClassifyReport {
  let model: ResolvedModel
  let reference: String
  let top: Int
  let count: Int
  let console: Console
  let isJSON: Bool

  /// Classifies the files one by one, and says how it went.
  func write(_ files: [String], _ classifier: Classifier) throws -> ExitCode {
    var entries: [JSONValue] = []
    var code = ExitCode.success
    for file in files {
      do {
        let classified = try classifier.classified(file)
        if isJSON {
          entries.append(object(classified))
        } else {
          try console.output(text(classified))
        }
      } catch let error as PictureError {
        console.message("error: \(visible("\(error)", limit: 1000))\n")
        if code != .dataError { code = error.exitCode }
        entries.append(["file": .string(file), "error": .string(error.description)])
      }
    }
    if isJSON {
      let line = JSONValue.object([
        JSONField("schema", "fovea.classify/1"), JSONField("model", .string(model.entry.name)),
        JSONField("weights", .string(reference)),
        JSONField("classes", .integer(model.classCount)), JSONField("pictures", .array(entries)),
      ])
      try console.output(line.line + "\n")
    }
    return code
  }

  private func object(_ classified: Classified) -> JSONValue {
    let answers = classified.answers.prefix(top).map { answer -> JSONValue in
      [
        "class": .integer(answer.index), "label": .string(model.label(answer.index)),
        "probability": .number(answer.share), "logit": .number(Double(answer.logit)),
      ]
    }
    return [
      "file": .string(classified.file), "width": .integer(classified.width),
      "height": .integer(classified.height), "milliseconds": .number(classified.milliseconds),
      "answers": .array(answers),
    ]
  }

  /// Bars for a person and one picture, a line for a person and several, tabs for a program.
  private func text(_ classified: Classified) -> String {
    let answers = classified.answers.prefix(top)
    let file = visible(classified.file)
    guard console.outputFacts.isTerminal else {
      return answers.map { answer in
        "\(file)\t\(visible(model.label(answer.index)))\t\(NumberText.fixed(answer.share * 100, 2))\n"
      }.joined()
    }
    let style = console.outputFacts.style
    if top == 1, count > 1 {
      let answer = answers[0]
      return "\(style.bold(file))  \(visible(model.label(answer.index)))  "
        + "\(NumberText.percent(answer.share, 1))\n"
    }
    var text = "\(style.bold(file))  \(prepared(classified))  "
    text +=
      style.faint(
        "\(model.entry.name) · \(NumberText.fixed(classified.milliseconds, 1)) ms") + "\n"
    let room = max(10, console.outputFacts.width - 36)
    let labels = answers.map { visible(model.label($0.index)).shortened(to: room) }
    let column = labels.map(\.count).max() ?? 0
    for (label, answer) in zip(labels, answers) {
      let percent = NumberText.percent(answer.share, 1)
      text += "  " + label.padded(to: column) + "  "
      text += ShareBar.text(answer.share, width: 20, isUnicode: console.outputFacts.isUnicode)
      text += String(repeating: " ", count: max(1, 8 - percent.count)) + percent + "\n"
    }
    return text
  }

  /// What became of the picture before the network saw it.
  private func prepared(_ classified: Classified) -> String {
    let preprocessing = model.preprocessing
    let sides = "\(preprocessing.width)×\(preprocessing.height)"
    let size = "\(classified.width)×\(classified.height)"
    switch preprocessing.fit {
    case .cropped: return "\(size) → the middle as \(sides)"
    case .stretched: return size == sides ? size : "\(size) → all of it as \(sides)"
    }
  }
}

extension String {
  /// The text with spaces behind it.
  func padded(to count: Int) -> String {
    self + String(repeating: " ", count: max(0, count - self.count))
  }

  /// The text, or its beginning with an ellipsis.
  func shortened(to count: Int) -> String {
    self.count <= count ? self : prefix(max(1, count - 1)) + "…"
  }
}
