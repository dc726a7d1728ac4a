import Foundation
import Fovea
import FoveaCommandKit
import Testing

@testable import FoveaCommand

/// `--dtype int8`, as the command line says it.
@Suite(.enabled(if: Precision.multipliesBytes, "the processor does not multiply bytes"))
struct EightBitTests {
  private static func model() throws -> TinyModel {
    let model = try TinyModel(answer: 0, labels: ["cat", "dog"])
    for name in ["data/cat/1", "data/cat/2", "data/dog/1", "seen/1", "seen/2"] {
      try model.write("\(name).pgm", Array("P5 2 2 255\n\(name.suffix(4))".utf8))
    }
    return model
  }

  @Test func picturesToCalibrateOnAreNeeded() throws {
    let model = try Self.model()
    for verb in ["classify", "evaluate"] {
      let run = VerbRun(verb, model.folder + "/data", "-m", model.path, "--dtype", "int8")
      #expect(run.code == .usage)
      #expect(
        run.messages == """
          error: --dtype int8 needs to see pictures first, and --calibrate is missing
          hint:  --calibrate FOLDER, with a few dozen pictures like those to come

          """)
      #expect(run.output.isEmpty)
    }
    let other = VerbRun(
      "classify", model.folder + "/data", "-m", model.path, "--calibrate", model.folder + "/seen")
    #expect(other.code == .usage)
    #expect(other.messages == "error: --calibrate is for --dtype int8, not for f32\n")
    try FileManager.default.createDirectory(
      atPath: model.folder + "/empty", withIntermediateDirectories: true)
    for (folder, reason) in [
      ("/none", " does not exist"), ("/empty", ""),
    ] {
      let run = VerbRun(
        "classify", model.folder + "/data", "-m", model.path, "--dtype", "int8", "--calibrate",
        model.folder + folder)
      #expect(run.code == .noInput)
      #expect(run.messages.contains(model.folder + folder + reason))
    }
  }

  @Test func trainingIsRefused() {
    let bench = VerbRun("bench", "lenet5", "--training", "--dtype", "int8")
    #expect(bench.code == .usage)
    #expect(bench.messages == "error: int8 is for inference\nhint:  --dtype bf16\n")
    #expect(VerbRun("train", "--precision", "int8").code == .usage)
  }

  @Test func evaluationComparesWithSinglePrecision() throws {
    let model = try Self.model()
    let seen = model.folder + "/seen"
    let arguments = [
      "evaluate", model.folder + "/data", "-m", model.path, "--dtype", "int8", "--calibrate", seen,
      "-q",
    ]
    let run = VerbRun(arguments)
    #expect(run.code == .success)
    #expect(
      run.output.hasPrefix(
        """
        accuracy 66.7 % [20.8–93.9]   3 pictures
        int8 agrees with float32 on 100.0 % of the pictures; float32 is right on 66.7 %

        """))
    let json = VerbRun(arguments + ["--json"])
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(object["precision"] as? String == "int8")
    let comparison = try #require(object["comparison"] as? [String: Double])
    #expect(comparison["agreement"] == 1)
    #expect(comparison["loss"] == 0)
  }

  @Test func answersAreCounted() {
    var comparison = PrecisionComparison("int8")
    comparison.add([1, 2], float32: [1, 2], truth: 1)
    comparison.add([2, 1], float32: [1, 2], truth: 1)
    comparison.add([2, 1], float32: [1, 2], truth: 0)
    comparison.add([2, 1], float32: [1, 2], truth: 1)
    #expect(comparison.agreement == 0.25)
    #expect(comparison.accuracyInFloat32 == 0.75)
    #expect(comparison.loss == 0.25)
  }
}

/// A published network in bytes, on photographs, where they are at hand.
@Suite(
  .enabled(
    if: RealModel.isThere && Precision.multipliesBytes,
    "there is no ../shared/data, or the processor does not multiply bytes"))
struct EightBitRealModelTests {
  private static func photographs(_ model: ResolvedModel) throws -> [Picture] {
    let folder = RealModel.folder.deletingLastPathComponent().appending(path: "flowers").path
    return try PictureFinder.files([folder]).map {
      model.preprocessing.fitted(try Picture.read($0, as: .rgb))
    }
  }

  /// A guard against mistakes in the arithmetic. The network learned other classes than flowers, and is
  /// undecided by less than half a logit on every seventh of them: how many answers change depends on
  /// which photographs were measured, so that no single choice of them says much.
  @Test func answersAgree() throws {
    let model = try ModelResolver.resolve(RealModel.weights)
    let pictures = try Self.photographs(model)
    #expect(pictures.count >= 250)
    let classifier = try Classifier(model, dtype: "f32", calibrating: nil)
    let preprocessing = model.preprocessing
    let wide = try classifier.logits(of: pictures)
    var (error, norm) = (0.0, 0.0)
    var comparison = PrecisionComparison("int8")
    for part in 0..<8 {
      // What is measured on is not what is asked about.
      let seen = stride(from: part, to: pictures.count, by: 8).map { pictures[$0] }
      let calibration = try Calibration([preprocessing.tensor(ofFitted: seen)]) {
        model.network($0)
      }
      let narrow = try classifier.logits(of: pictures, .int8(calibration))
      for index in pictures.indices where index % 8 != part {
        let (own, other) = (narrow[index], wide[index])
        comparison.add(own, float32: other, truth: 0)
        error += zip(own, other).reduce(0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
        norm += other.reduce(0) { $0 + Double($1 * $1) }
      }
    }
    #expect(comparison.total >= 8 * 200)
    #expect(comparison.agreement > 0.95)
    #expect((error / norm).squareRoot() < 0.06)
  }

  @Test func publishedAnswersStay() throws {
    let photos = RealModel.folder.appending(path: "inputs").path
    for (photo, answer) in [
      ("cat.jpg", "cat"), ("fish-bike.jpg", "ship"), ("chelsea.png", "cat"),
      ("coffee.png", "automobile"),
    ] {
      let run = VerbRun(
        "classify", RealModel.input(photo), "-m", RealModel.weights, "--top", "1", "--dtype",
        "int8", "--calibrate", photos)
      #expect(run.code == .success)
      #expect(run.output.contains("\t\(answer)\t"), "\(photo): \(run.output)")
    }
  }
}
