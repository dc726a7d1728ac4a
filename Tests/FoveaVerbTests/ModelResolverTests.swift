import Foundation
import Fovea
import FoveaCommandKit
import Testing

@testable import FoveaCommand

@Suite struct ModelResolverTests {
  /// The words of a refusal.
  private static func refusal(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "none"
    } catch { return "\((error as? CommandFailure)?.message ?? "\(error)")" }
  }

  private static func refusal(_ metadata: [String: String]) throws -> String {
    let model = try TinyModel(metadata: metadata)
    return refusal { _ = try ModelResolver.resolve(model.path) }
      .replacingOccurrences(of: model.path, with: "FILE")
  }

  @Test(arguments: ["lenet5", "squeezenet1_1", "resnet18", "resnet20", "vgg11_bn", "mobilenet_v2"])
  func aNetworkIsRecognisedWithAnyNumberOfClasses(_ name: String) throws {
    let entry = try #require(Zoo.entry(named: name))
    for classes in [entry.classCount, 7] {
      // Counts of batches are missing in some files.
      let shapes = withSeed(0) { entry.make(classes: classes) }.weights
      for isComplete in [true, false] {
        let tensors = shapes.filter { isComplete || !$0.key.hasSuffix("num_batches_tracked") }
        let fit = try ArchitectureFit.find(for: Weights(tensors), named: nil, in: "x")
        #expect(fit.entry.name == name)
        #expect(fit.classes == classes)
      }
    }
  }

  @Test func numbersOfSixteenBitsAreWidened() throws {
    let entry = try #require(Zoo.entry(named: "lenet5"))
    let weights = withSeed(0) { entry.make() }.weights
    let short = weights.mapValues { Tensor($0.doubles(), shape: $0.shape, as: .bfloat16) }
    let fit = try ArchitectureFit.find(for: Weights(short), named: nil, in: "x")
    let loaded = try fit.loaded(Weights(short))
    for (name, parameter) in loaded.namedParameters {
      #expect(parameter.tensor.scalars() == short[name]?.doubles().map(Float.init))
    }
  }

  @Test func theNearestNetworkIsNamedWithAllDifferences() throws {
    let entry = try #require(Zoo.entry(named: "lenet5"))
    var tensors = withSeed(0) { entry.make() }.weights
    let name = try #require(tensors.keys.sorted().first)
    let tensor = tensors.removeValue(forKey: name)
    tensors["extra.\u{1B}weight"] = tensor
    let words = Self.refusal {
      _ = try ArchitectureFit.find(for: Weights(tensors), named: nil, in: "net.pth")
    }
    #expect(
      words == """
        net.pth: found weights of a network that Fovea does not know; the nearest is lenet5, and the \
        weights do not fit the model
          1 missing: \(name)
          1 not in the model: extra.\\u{1b}weight
        """)
  }

  @Test func whatIsNoNetworkAtAllIsSaid() {
    let weights = Weights(["a": Tensor([1, 2], shape: [2])])
    let words = Self.refusal { _ = try ArchitectureFit.find(for: weights, named: nil, in: "x") }
    #expect(words == "x: found 1 tensors, expected the parameters of a network that Fovea knows")
  }

  @Test func theFileSaysHowPicturesArePrepared() throws {
    var preprocessing = try #require(Zoo.entry(named: "lenet5")).preprocessing
    preprocessing.mean = [0.25]
    let text = String(decoding: try JSONEncoder().encode(preprocessing), as: UTF8.self)
    let model = try TinyModel(metadata: ["fovea.preprocessing": text, "fovea.model": "lenet5"])
    let resolved = try ModelResolver.resolve(model.path)
    #expect(resolved.preprocessing == preprocessing)
    #expect(resolved.labels == ["black", "white"])
    #expect(resolved.classCount == 2)
  }

  @Test func whatTheFileSaysWrongIsRefused() throws {
    #expect(
      try Self.refusal(["fovea.model": "lenet6"])
        == "FILE: fovea.model: found lenet6, which no network is called")
    #expect(
      try Self.refusal(["fovea.labels": "[\"one\"]"])
        == "FILE: fovea.labels: found 1 names, expected 2, one for each class")
    #expect(
      try Self.refusal(["fovea.labels": "one, two"])
        == "FILE: fovea.labels: found one, two, expected a list of names")
    #expect(
      try Self.refusal(["fovea.preprocessing": "{}"])
        == "FILE: fovea.preprocessing: found {}, expected a way to prepare pictures")
    var preprocessing = Preprocessing.imageNet
    preprocessing.deviation = [0]
    func text() throws -> String {
      String(decoding: try JSONEncoder().encode(preprocessing), as: UTF8.self)
    }
    #expect(
      try Self.refusal(["fovea.preprocessing": try text()])
        == "FILE: fovea.preprocessing: rgb needs 3 means and deviations, not 3 and 1")
    preprocessing = .imageNet
    #expect(
      try Self.refusal(["fovea.preprocessing": try text()])
        == "FILE: fovea.preprocessing: found rgb pictures of 224×224, which lenet5 does not take")
  }

  @Test func imageNetHasAThousandNames() throws {
    let entry = try #require(Zoo.entry(named: "resnet18"))
    let names = try #require(ClassNames.usual(for: entry, classes: 1000))
    #expect(names.count == 1000)
    #expect(names[0] == "tench, Tinca tinca")
    #expect(names[281] == "tabby, tabby cat")
    #expect(names[999] == "toilet tissue, toilet paper, bathroom tissue")
    #expect(ClassNames.usual(for: entry, classes: 999) == nil)
  }
}
