import Foundation
import Fovea
import FoveaCommandKit
import Testing

@testable import FoveaCommand

@Suite struct EvaluateTests {
  /// Three of five pictures are of the class that the model always answers.
  private static func model() throws -> TinyModel {
    let model = try TinyModel(answer: 0, labels: ["cat", "dog", "tiger cat, tiger"])
    for name in ["cat/1", "cat/2", "cat/3", "dog/1", "tiger/1"] {
      try model.write("data/\(name).pgm")
    }
    return model
  }

  @Test func theResultIsCounted() throws {
    let model = try Self.model()
    let run = VerbRun("evaluate", model.folder + "/data", "-m", model.path, "--batch", "2")
    #expect(run.code == .success)
    #expect(
      run.output == """
        accuracy 60.0 % [23.1–88.2]   5 pictures

        class               pictures       found       right
        cat                        3     100.0 %      60.0 %
        dog                        1       0.0 %           –
        tiger cat, tiger           1       0.0 %           –

        most often confused
        1 × dog taken for cat
        1 × tiger cat, tiger taken for cat

        """)
    #expect(run.messages.hasPrefix("LeNet-5, 5 pictures of 3 classes in \(model.folder)/data\n"))
  }

  @Test func theObjectHasItsSchema() throws {
    let model = try Self.model()
    let bad = try model.write("data/dog/2.pgm", Array("P5 2".utf8))
    let run = VerbRun("evaluate", model.folder + "/data", "-m", model.path, "--json", "-q")
    #expect(run.code == .dataError)
    #expect(run.messages == "error: \(bad) is cut off after 4 bytes\n")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(object["schema"] as? String == "fovea.evaluate/1")
    #expect(object["pictures"] as? Int == 5)
    #expect(object["right"] as? Int == 3)
    #expect(object["top1"] as? Double == 0.6)
    #expect(object["top5"] as? Double == 1)
    #expect(object["matchedByOrder"] as? Bool == false)
    let classes = try #require(object["classes"] as? [[String: Any]])
    #expect(classes.map { $0["folder"] as? String } == ["cat", "dog", "tiger"])
    #expect(classes[1]["precision"] is NSNull)
    let confusions = try #require(object["confusions"] as? [[String: Int]])
    #expect(
      confusions == [
        ["truth": 1, "answer": 0, "count": 1], ["truth": 2, "answer": 0, "count": 1],
      ])
    #expect((object["skipped"] as? [[String: String]])?.first?["file"] == bad)
  }

  @Test func aPartThatWasKeptFromLearningIsTaken() throws {
    let model = try TinyModel()
    try model.write("data/train/black/1.pgm")
    try model.write("data/val/black/1.pgm")
    try model.write("data/val/white/1.pgm")
    let run = VerbRun("evaluate", model.folder + "/data", "-m", model.path)
    #expect(run.output.hasPrefix("accuracy 50.0 % "))
    #expect(run.messages.contains("in \(model.folder)/data/val\n"))
  }

  @Test func foldersWithOtherNamesAreMatchedByOrder() throws {
    let model = try TinyModel()
    try model.write("data/noir/1.pgm")
    try model.write("data/zebra/1.pgm")
    let run = VerbRun("evaluate", model.folder + "/data", "-m", model.path)
    #expect(run.output.hasPrefix("accuracy 50.0 % "))
    #expect(run.messages.contains(", matched with its classes by their order\n"))
    try model.write("data/third/1.pgm")
    let refused = VerbRun("evaluate", model.folder + "/data", "-m", model.path)
    #expect(refused.code == .dataError)
    #expect(
      refused.messages.contains("has 2 classes, none of which is called noir, third, zebra\n"))
  }

  @Test func theHintHasOneNameForEachClass() throws {
    let model = try TinyModel(labels: ["tench, Tinca tinca", "goldfish, Carassius auratus"])
    try model.write("data/noir/1.pgm")
    let run = VerbRun("evaluate", model.folder + "/data", "-m", model.path)
    #expect(run.code == .dataError)
    #expect(
      run.messages.hasSuffix(
        "hint:  call the folders tench, goldfish …, or by their numbers from 0\n"))
  }

  @Test func whatHasNoPicturesIsRefused() throws {
    let model = try TinyModel()
    let missing = VerbRun("evaluate", "no/folder", "-m", model.path)
    #expect(missing.code == .noInput)
    #expect(missing.messages == "error: no/folder does not exist\n")
    let file = VerbRun("evaluate", model.path, "-m", model.path)
    #expect(file.messages == "error: \(model.path) is a file, not a folder\n")
    let empty = VerbRun("evaluate", model.folder, "-m", model.path)
    #expect(empty.code == .noInput)
    #expect(empty.messages.contains("has no folders, one of pictures for each class"))
  }

  /// The interval is that of the textbooks: 81 to 95 of 100 for 90 of 100, 0 to 28 for 0 of 10.
  @Test(arguments: [(90, 100, 0.8256, 0.9448), (0, 10, 0, 0.2775), (10, 10, 0.7225, 1)])
  func theIntervalIsWilsons(_ right: Int, _ total: Int, _ low: Double, _ high: Double) {
    var evaluation = Evaluation()
    for index in 0..<total {
      evaluation.add([Answer(index: 0, logit: 0, share: 1)], truth: index < right ? 0 : 1)
    }
    #expect(abs(evaluation.interval.lowerBound - low) < 1e-4)
    #expect(abs(evaluation.interval.upperBound - high) < 1e-4)
  }
}
