import Dispatch
import Fovea
import FoveaCommandKit
import Synchronization

extension EvaluateVerb {
  static let verb = Verb(command) { invocation, console in
    try EngineOptions.with(invocation, console) { try run(invocation, console) }
  }

  private static func run(_ invocation: Invocation, _ console: Console) throws -> ExitCode {
    let reference = try ClassifyVerb.modelReference(invocation[model], of: command)
    let model = try ModelResolver.resolve(reference)
    let data = try ClassFolders(invocation[data][0], model)
    let classifier = try Classifier(
      model, dtype: invocation[dtype], calibrating: invocation[calibrate])
    var run = EvaluationRun(
      classifier: classifier, data: data, batch: invocation[batch],
      isQuiet: invocation[quiet], console: console)
    try run.run()
    let report = EvaluationReport(
      model: model, reference: reference, data: data, evaluation: run.evaluation,
      comparison: run.comparison, skipped: run.skipped, seconds: run.seconds)
    try console.output(
      invocation[json] ? report.json.line + "\n" : report.text(console.outputFacts))
    guard let failure = run.skipped.first else { return .success }
    return run.skipped.contains { $0.exitCode == .dataError } ? .dataError : failure.exitCode
  }
}

/// One pass over the pictures of a data set.
struct EvaluationRun {
  private(set) var evaluation = Evaluation()
  /// Against single precision, in any other.
  private(set) var comparison: PrecisionComparison?
  private(set) var skipped: [PictureError] = []
  private(set) var seconds = 0.0

  private let classifier: Classifier
  private let data: ClassFolders
  private let batch: Int
  private let isQuiet: Bool
  private let console: Console

  init(
    classifier: Classifier, data: ClassFolders, batch: Int, isQuiet: Bool, console: Console
  ) {
    self.classifier = classifier
    self.data = data
    self.batch = min(batch, data.pictures.count)
    self.isQuiet = isQuiet
    self.console = console
  }

  mutating func run() throws {
    if !isQuiet { console.message(announcement) }
    let start = monotonicSeconds()
    let write: (String) -> Void = { [isQuiet, console] in
      if !isQuiet { console.message($0) }
    }
    var progress = Progress(
      stage: "evaluate", unit: "img", total: data.pictures.count, facts: console.messageFacts,
      write: write)
    for begin in stride(from: 0, to: data.pictures.count, by: batch) {
      let part = data.pictures[begin..<min(begin + batch, data.pictures.count)]
      try evaluate(Array(part))
      progress.advance(
        by: part.count, note: "accuracy \(NumberText.percent(evaluation.accuracy, 1))")
    }
    seconds = monotonicSeconds() - start
    progress.finish("accuracy \(NumberText.percent(evaluation.accuracy, 1))")
    guard evaluation.total > 0 else {
      throw CommandFailure(.dataError, "none of the \(data.pictures.count) pictures can be read")
    }
  }

  private var announcement: String {
    let order = data.isMatchedByOrder ? ", matched with its classes by their order" : ""
    return
      "\(classifier.model.entry.title), \(NumberText.grouped(data.pictures.count)) pictures of "
      + "\(data.folders.count) classes in \(visible(data.path))\(order)\n"
  }

  private mutating func evaluate(_ part: [(file: String, truth: Int)]) throws {
    var pictures: [Picture] = []
    var truths: [Int] = []
    let results = Self.read(part.map(\.file), classifier.model.preprocessing)
    for (entry, result) in zip(part, results) {
      switch result {
      case .success(let picture):
        pictures.append(picture)
        truths.append(entry.truth)
      case .failure(let error):
        skipped.append(error)
        // Some are enough to see what is wrong; all of them are in the JSON object.
        if skipped.count <= 8 {
          console.message("error: \(visible("\(error)", limit: 1000))\n")
        }
      }
    }
    guard let last = pictures.last else { return }
    // Every pass has the same shape, so that there is one plan.
    pictures += Array(repeating: last, count: batch - pictures.count)
    let answers: [[Float]]
    do {
      answers = try classifier.logits(of: pictures)
    } catch let refusal as MemoryRefusal {
      throw try refusal.naming(
        largestBelow: batch, computing: { classifier.recorded(batch: $0) })
    }
    for (truth, logits) in zip(truths, answers) {
      evaluation.add(Classifier.ranked(logits), truth: truth)
    }
    if classifier.precision != .float32 {
      var comparison = comparison ?? PrecisionComparison("\(classifier.precision)")
      for ((truth, logits), wide) in zip(
        zip(truths, answers), try classifier.logits(of: pictures, .float32))
      {
        comparison.add(logits, float32: wide, truth: truth)
      }
      self.comparison = comparison
    }
  }

  /// Reads and fits the files on all cores; what is kept of each is small.
  private static func read(
    _ files: [String], _ preprocessing: Preprocessing
  ) -> [Result<Picture, PictureError>] {
    let results = Mutex([Result<Picture, PictureError>?](repeating: nil, count: files.count))
    DispatchQueue.concurrentPerform(iterations: files.count) { index in
      let result: Result<Picture, PictureError>
      do throws(PictureError) {
        result = .success(
          preprocessing.fitted(try Picture.read(files[index], as: preprocessing.pictureChannels)))
      } catch {
        result = .failure(error)
      }
      results.withLock { $0[index] = result }
    }
    return results.withLock { $0 }.compactMap { $0 }
  }
}
