import Foundation
import Fovea
import FoveaCommandKit
import Testing

@Suite struct ClassifyTests {
  @Test func everyPictureHasAnAnswer() throws {
    let model = try TinyModel()
    let picture = try model.write("a.pgm")
    let run = VerbRun("classify", picture, "-m", model.path)
    #expect(run.output == "\(picture)\twhite\t100.00\n\(picture)\tblack\t0.00\n")
    #expect(run.messages.isEmpty)
    #expect(run.code == .success)
  }

  @Test func aFolderIsItsPicturesInOrder() throws {
    let model = try TinyModel(answer: 0)
    for name in ["data/b.PGM", "data/a/c.pgm", "data/.hidden.pgm", "data/notes.txt"] {
      try model.write(name)
    }
    let run = VerbRun("classify", model.folder + "/data", "-m", model.path)
    let folder = model.folder + "/data"
    #expect(run.output == "\(folder)/a/c.pgm\tblack\t100.00\n\(folder)/b.PGM\tblack\t100.00\n")
  }

  @Test func filesThatCannotBeUsedAreNamedAndPassedOver() throws {
    let model = try TinyModel()
    let good = try model.write("good.pgm")
    let bad = try model.write("bad.pgm", Array("P5 2 2 255\nab".utf8))
    let run = VerbRun("classify", bad, "missing.png", good, "-m", model.path)
    #expect(run.output == "\(good)\twhite\t100.00\n")
    #expect(
      run.messages == """
        error: \(bad) is cut off after 13 of 15 bytes
        error: missing.png does not exist

        """)
    #expect(run.code == .dataError)
    #expect(VerbRun("classify", "missing.png", good, "-m", model.path).code == .noInput)
  }

  @Test func theObjectHasItsSchema() throws {
    let model = try TinyModel()
    let good = try model.write("good.pgm")
    let run = VerbRun("classify", good, "no.png", "-m", model.path, "--json", "--top", "2")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(object["schema"] as? String == "fovea.classify/1")
    #expect(object["model"] as? String == "lenet5")
    #expect(object["weights"] as? String == model.path)
    #expect(object["classes"] as? Int == 2)
    let pictures = try #require(object["pictures"] as? [[String: Any]])
    #expect(pictures.count == 2)
    #expect(pictures[0]["width"] as? Int == 2)
    #expect((pictures[0]["milliseconds"] as? Double ?? 0) > 0)
    let answers = try #require(pictures[0]["answers"] as? [[String: Any]])
    #expect(answers.map { $0["label"] as? String } == ["white", "black"])
    #expect(answers.map { $0["class"] as? Int } == [1, 0])
    #expect(answers.map { $0["probability"] as? Double } == [1, 0])
    #expect(pictures[1]["error"] as? String == "no.png does not exist")
  }

  @Test func namesCannotSteerATerminal() throws {
    let model = try TinyModel(labels: ["black", "\u{1B}]0;white\u{7}"])
    let picture = try model.write("a\u{1B}[2J.pgm")
    let run = VerbRun("classify", picture, "-m", model.path, "--top", "1")
    #expect(!run.output.contains("\u{1B}"))
    #expect(run.output.hasSuffix("a\\u{1b}[2J.pgm\t\\u{1b}]0;white\\u{7}\t100.00\n"))
  }

  @Test(arguments: [
    (["x.jpg"], ExitCode.usage, "error: --model is missing: a file with weights"),
    (["x.jpg", "-m", "resnet18"], .usage, "error: resnet18 is a network without weights"),
    (
      ["x.jpg", "-m", "resnet81"], .noInput,
      "error: there is no file and no network called resnet81"
    ),
    (["x.jpg", "-m", "/"], .noInput, "error: / is a folder, not a model"),
  ])
  func whatIsNoModelIsRefused(_ arguments: [String], _ code: ExitCode, _ message: String) {
    let run = VerbRun(["classify"] + arguments)
    #expect(run.messages.split(separator: "\n").first.map(String.init) == message)
    #expect(run.code == code)
    #expect(run.output.isEmpty)
  }
}
