import Foundation
import Fovea
import FoveaCommandKit
import Testing

/// A published network and photographs, where they are at hand.
@Suite(.enabled(if: RealModel.isThere, "there is no ../shared/data"))
struct RealModelTests {
  @Test func photographsGetTheAnswersPyTorchGives() throws {
    struct Expected: Decodable {
      struct Photo: Decodable {
        let logits: [Double]
        let argmax: String
      }
      let photos: [String: Photo]
    }
    let path = RealModel.folder.appending(path: "expected.json")
    let expected = try JSONDecoder().decode(Expected.self, from: Data(contentsOf: path))
    #expect(expected.photos.count == 7)
    for (name, photo) in expected.photos {
      let file = RealModel.input(name)
      let run = VerbRun("classify", file, "-m", RealModel.weights, "--json", "--top", "10")
      #expect(run.code == .success)
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
      #expect(object["model"] as? String == "resnet20")
      let pictures = try #require(object["pictures"] as? [[String: Any]])
      let answers = try #require(pictures[0]["answers"] as? [[String: Any]])
      #expect(answers.first?["label"] as? String == photo.argmax)
      for answer in answers {
        let index = try #require(answer["class"] as? Int)
        let logit = try #require(answer["logit"] as? Double)
        // Seven digits were written down.
        #expect(abs(logit - photo.logits[index]) < 2e-4, "\(name), class \(index)")
      }
    }
  }

  @Test func photographsInFoldersAreEvaluated() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "fovea-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (photo, name) in [("cat.jpg", "cat"), ("chelsea.png", "cat"), ("dog.jpg", "dog")] {
      let parent = folder.appending(path: name)
      try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: RealModel.input(photo), toPath: parent.appending(path: "\(photo).ppm").path)
    }
    let run = VerbRun("evaluate", folder.path, "-m", RealModel.weights)
    #expect(run.code == .success)
    // PyTorch takes the dog for a cat as well.
    #expect(run.output.contains("accuracy 66.7 %"))
    #expect(run.output.contains("1 × dog taken for cat\n"))
  }
}

enum RealModel {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../shared/data/resnet20-cifar10").standardizedFileURL

  static var isThere: Bool { FileManager.default.fileExists(atPath: folder.path) }

  static var weights: String { folder.appending(path: "resnet20-12fca82f.th").path }

  /// The network's own input for a photograph.
  static func input(_ photo: String) -> String {
    let name = photo.prefix { $0 != "." }
    return folder.appending(path: "inputs/\(name)-32.ppm").path
  }
}
