import Fovea
import FoveaCommandKit

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What `--model` may be, for every verb: the name of a network, or a file with weights.
enum ModelResolver {
  /// The network with its weights.
  static func resolve(_ reference: String) throws -> ResolvedModel {
    let weights = try weights(reference)
    let fit = try ArchitectureFit.find(
      for: weights, named: weights.metadata["fovea.model"], in: reference)
    let preprocessing = try preprocessing(weights, fit.entry, in: reference)
    let labels =
      try labels(weights, count: fit.classes, in: reference)
      ?? ClassNames.usual(for: fit.entry, classes: fit.classes)
    return ResolvedModel(
      entry: fit.entry, network: try fit.loaded(weights), preprocessing: preprocessing,
      classCount: fit.classes, labels: labels, notes: weights.notes)
  }

  /// A network for verbs that need no weights: by its name, or as it is recognised in a file.
  static func network(_ reference: String) throws -> NamedNetwork {
    let isFile = FileFacts(reference).kind == .file
    if !isFile, let entry = Zoo.entry(named: reference) { return NamedNetwork(entry) }
    // What is written like a path is missing; anything else is a slip.
    guard isFile || reference.contains(where: { $0 == "/" || $0 == "." }) else {
      return NamedNetwork(try Zoo.require(reference))
    }
    return NamedNetwork(try resolve(reference), in: reference)
  }

  private static func weights(_ reference: String) throws -> Weights {
    switch FileFacts(reference).kind {
    case .file: break
    case .folder:
      throw CommandFailure(
        .noInput, "\(visible(reference)) is a folder, not a model",
        hint: "name a file with weights, such as model.safetensors or model.pth")
    case .missing:
      if let entry = Zoo.entry(named: reference) {
        throw CommandFailure(
          .usage, "\(entry.name) is a network without weights",
          hint: "name a file with weights; \(entry.name) is recognised in it")
      }
      let near = closest(to: reference, among: Zoo.entries.map(\.name))
      throw CommandFailure(
        .noInput, "there is no file and no network called \(visible(reference))",
        hint: near.map { "did you mean \($0)?" })
    }
    return try Weights.read(reference)
  }

  /// What the file says of the pictures it wants, or what its network is published with.
  private static func preprocessing(
    _ weights: Weights, _ entry: ZooEntry, in reference: String
  ) throws -> Preprocessing {
    guard let text = weights.metadata["fovea.preprocessing"] else { return entry.preprocessing }
    let name = "\(visible(reference)): fovea.preprocessing"
    guard let preprocessing = try? JSONDecoder().decode(Preprocessing.self, from: Data(text.utf8))
    else {
      throw CommandFailure(
        .dataError, "\(name): found \(visible(text, limit: 60)), expected a way to prepare pictures"
      )
    }
    if let mistake = preprocessing.mistake {
      throw CommandFailure(.dataError, "\(name): \(mistake)")
    }
    guard preprocessing.pictureChannels.rawValue == entry.input[0],
      entry.sides.contains(preprocessing.height), entry.sides.contains(preprocessing.width)
    else {
      throw CommandFailure(
        .dataError,
        "\(name): found \(preprocessing.pictureChannels) pictures of "
          + "\(preprocessing.height)×\(preprocessing.width), which \(entry.name) does not take")
    }
    return preprocessing
  }

  /// What the file says of its classes.
  private static func labels(
    _ weights: Weights, count: Int, in reference: String
  ) throws -> [String]? {
    guard let text = weights.metadata["fovea.labels"] else { return nil }
    let name = "\(visible(reference)): fovea.labels"
    guard let labels = try? JSONDecoder().decode([String].self, from: Data(text.utf8)) else {
      throw CommandFailure(
        .dataError, "\(name): found \(visible(text, limit: 60)), expected a list of names")
    }
    guard labels.count == count else {
      throw CommandFailure(
        .dataError, "\(name): found \(labels.count) names, expected \(count), one for each class")
    }
    return labels
  }
}
