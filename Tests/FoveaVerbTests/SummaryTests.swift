import Foundation
import Fovea
import FoveaCommandKit
import Testing

@testable import FoveaCommand

@Suite struct SummaryVerbTests {
  private static func object(_ arguments: String...) throws -> [String: Any] {
    let run = VerbRun(arguments)
    #expect(run.code == .success)
    #expect(run.messages.isEmpty)
    return try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  }

  @Test func modelsHaveALineEach() {
    let run = VerbRun("models")
    #expect(run.code == .success)
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == Zoo.entries.count + 1)
    let wanted = [
      "resnet50", "3x224x224", "25,557,032", "4.09", "G", "He", "et", "al.", "2015,",
      "arXiv:1512.03385",
    ]
    #expect(lines.contains { $0.split(separator: " ").map(String.init) == wanted })
  }

  @Test func modelsAreAnObjectToo() throws {
    let object = try Self.object("models", "--json")
    #expect(object["schema"] as? String == "fovea.models/1")
    let models = try #require(object["models"] as? [[String: Any]])
    #expect(models.map { $0["name"] as? String } == Zoo.entries.map(\.name))
    let model = try #require(models.first { $0["name"] as? String == "squeezenet1_1" })
    #expect(model["parameters"] as? Int == 1_235_496)
    #expect(model["multiplyAdds"] as? Int == 349_151_936)
    #expect(model["input"] as? [Int] == [3, 224, 224])
    #expect(model["classes"] as? Int == 1000)
  }

  @Test func aSummaryEndsWithTheSums() {
    let run = VerbRun("summary", "resnet50", "--depth", "1")
    #expect(run.code == .success)
    #expect(run.messages.isEmpty)
    let lines = run.output.split(separator: "\n").map(String.init)
    #expect(lines.first == "ResNet-50  input 1x3x224x224  He et al. 2015, arXiv:1512.03385")
    #expect(
      lines.contains("conv1   Conv2D 7x7 /2   1x64x112x112       9,408          118 M"))
    #expect(lines.contains("layer1  3 x Bottleneck  1x256x56x56      215,808          668 M"))
    #expect(
      lines.suffix(3) == [
        "parameters     25,557,032", "multiply-adds  4.09 G", "weights        97.7 MiB",
      ])
  }

  @Test func aSummaryIsAnObjectToo() throws {
    let object = try Self.object(
      "summary", "vgg11", "--batch", "2", "--input", "3x64x32", "--depth", "99", "--json")
    #expect(object["schema"] as? String == "fovea.summary/1")
    #expect(object["input"] as? [Int] == [2, 3, 64, 32])
    #expect(object["output"] as? [Int] == [2, 1000])
    #expect(object["parameters"] as? Int == 132_863_336)
    let layers = try #require(object["layers"] as? [[String: Any]])
    #expect(layers.first?["path"] as? String == "features.0")
    #expect(layers.first?["output"] as? [Int] == [2, 64, 64, 32])
    let sum = layers.reduce(0) { $0 + ($1["multiplyAdds"] as? Int ?? 0) }
    #expect(object["multiplyAdds"] as? Int == sum)
  }

  @Test func aFileIsTheNetworkItsWeightsFit() throws {
    let model = try TinyModel()
    let run = VerbRun("summary", model.path, "--depth", "1")
    #expect(run.code == .success)
    let lines = run.output.split(separator: "\n").map(String.init)
    #expect(lines.first == "\(model.path): weights of lenet5, 2 classes")
    #expect(lines.dropFirst().first?.hasPrefix("LeNet-5  input 1x1x28x28  ") == true)
    // Ten answers of 84 numbers and a bias each have become two.
    #expect(lines.contains("parameters     61,026"))
    let object = try Self.object("summary", model.path, "--json")
    #expect(object["model"] as? String == "lenet5")
    #expect(object["file"] as? String == model.path)
    #expect(object["classes"] as? Int == 2)
    #expect(object["output"] as? [Int] == [1, 2])
  }

  @Test func aFileOfAnotherNetworkIsRefusedWithEveryDifference() throws {
    let model = try TinyModel()
    var weights = try Weights.read(model.path)
    let names = weights.tensors.keys.sorted()
    let entry = try #require(Zoo.entry(named: "lenet5"))
    let missing = entry.make().namedParameters.map(\.name).filter { $0 != names[0] }
    for name in names { weights.tensors["x." + name] = weights.tensors[name] }
    for name in names.dropFirst() { weights.tensors[name] = nil }
    try weights.write(model.path)
    for verb in ["summary", "bench", "classify"] {
      let pictures = verb == "classify" ? [try model.write("a.pgm"), "-m"] : []
      let run = VerbRun([verb] + pictures + [model.path])
      #expect(run.code == .dataError)
      #expect(run.output.isEmpty)
      #expect(
        run.messages == """
          error: \(model.path): found weights of a network that Fovea does not know; the nearest is \
          lenet5, and the weights do not fit the model
            9 missing: \(missing.joined(separator: ", "))
            10 not in the model: \(names.map { "x." + $0 }.joined(separator: ", "))

          """)
    }
  }

  @Test func aFileIsTimedWithItsOwnClasses() throws {
    let model = try TinyModel(labels: ["a", "b", "c"])
    let run = VerbRun("bench", model.path, "--training", "--json")
    #expect(run.code == .success)
    #expect(run.output.contains("\"model\":\"lenet5\""))
  }

  @Test(arguments: [
    (
      ["summary", "no/net.pth"], ExitCode.noInput,
      "there is no file and no network called no/net.pth"
    ),
    (["bench", "net.pth"], .noInput, "there is no file and no network called net.pth"),
    (["summary", "/"], .noInput, "/ is a folder, not a model"),
  ])
  func filesThatAreNotThereAreSaid(_ arguments: [String], _ code: ExitCode, _ message: String) {
    let run = VerbRun(arguments)
    #expect(run.code == code)
    #expect(run.messages.hasPrefix("error: \(message)\n"))
  }

  @Test(arguments: [
    (["summary", "resnet5"], "there is no network called resnet5", "did you mean resnet50?"),
    (["summary", "mobilnet_v2"], "there is no network called mobilnet_v2", "mobilenet_v2?"),
    (["bench", "lenet"], "there is no network called lenet", "did you mean lenet5?"),
    (["summary", "\u{1B}]0;x"], "there is no network called \\u{1b}]0;x", "fovea models"),
    (
      ["summary", "vgg16", "-i", "3x16x16"], "32 to 8192 pixels, got 16 and 16", "own is 3x224x224"
    ),
    (["summary", "lenet5", "-i", "1x32x32"], "heights and widths of 28 pixels", "own is 1x28x28"),
    (["summary", "resnet50", "-i", "1x224x224"], "pictures of 3 channels, got 1", "3x224x224"),
    (
      ["summary", "resnet50", "-i", "224"], "--input must be channels, height and width",
      "own is 3x224x224"
    ),
    (
      ["summary", "resnet50", "-i", "3x-1x5"], "--input must be channels, height and width",
      "own is 3x224x224"
    ),
    (
      ["summary", "resnet50", "-i", "3xx224"], "--input must be channels, height and width",
      "own is 3x224x224"
    ),
    (["summary", "resnet50", "-i", "3x99999999999999999999x5"], "--input must be", "3x224x224"),
    (["summary"], "MODEL is missing", "fovea help summary"),
  ])
  func slipsAreNamed(_ arguments: [String], _ message: String, _ hint: String) {
    let run = VerbRun(arguments)
    #expect(run.code == .usage)
    #expect(run.output.isEmpty)
    #expect(run.messages.contains(message), "\(run.messages)")
    #expect(run.messages.contains(hint), "\(run.messages)")
  }

  /// The largest that can be asked for is only described.
  @Test(arguments: Zoo.entries) func theLargestSummaryIsQuick(_ entry: ZooEntry) {
    let side = entry.sides.upperBound
    let run = VerbRun(
      "summary", entry.name, "--batch", "1024", "--input", "\(entry.input[0])x\(side)x\(side)")
    #expect(run.code == .success)
  }
}
