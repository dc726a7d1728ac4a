import Fovea
import FoveaCommandKit

extension ClassifyVerb {
  static let verb = Verb(command) { invocation, console in
    try EngineOptions.with(invocation, console) { try run(invocation, console) }
  }

  private static func run(_ invocation: Invocation, _ console: Console) throws -> ExitCode {
    let reference = try modelReference(invocation[model], of: command)
    let files = PictureFinder.files(invocation[pictures])
    guard !files.isEmpty else {
      let named = invocation[pictures].map { visible($0) }.joined(separator: ", ")
      throw CommandFailure(.noInput, "there are no pictures in \(named)")
    }
    let classifier = try Classifier(
      ModelResolver.resolve(reference), dtype: invocation[dtype],
      calibrating: invocation[calibrate])
    let top = min(
      invocation[top] ?? (files.count == 1 ? 5 : 1), classifier.model.classCount)
    let report = ClassifyReport(
      model: classifier.model, reference: reference, top: top, count: files.count,
      console: console, isJSON: invocation[json])
    return try report.write(files, classifier)
  }

  /// The model that was named; it has to be.
  static func modelReference(_ reference: String?, of command: Command) throws -> String {
    if let reference { return reference }
    throw UsageError(
      "--model is missing: a file with weights", hint: "-m MODEL",
      seeAlso: "fovea help \(command.name)")
  }
}

/// What `fovea classify` found in one picture.
struct Classified {
  let file: String
  let width: Int
  let height: Int
  let answers: [Answer]
  /// From opening the file to the answer.
  let milliseconds: Double
}

extension Classifier {
  func classified(_ file: String) throws -> Classified {
    let start = monotonicSeconds()
    let picture = try Picture.read(file, as: model.preprocessing.pictureChannels)
    let answers = Classifier.ranked(try logits(of: [model.preprocessing.fitted(picture)])[0])
    return Classified(
      file: file, width: picture.width, height: picture.height, answers: answers,
      milliseconds: (monotonicSeconds() - start) * 1000)
  }
}
