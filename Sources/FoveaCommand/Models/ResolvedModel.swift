import Fovea

/// A network with weights, and what is needed to ask it about a picture.
struct ResolvedModel {
  /// The network as the zoo knows it.
  let entry: ZooEntry
  let network: any Layer
  let preprocessing: Preprocessing
  let classCount: Int
  /// The names of the classes, where they are known.
  let labels: [String]?
  /// What a person should know about the reading.
  let notes: [String]

  /// What a class is called.
  func label(_ index: Int) -> String { labels?[index] ?? "class \(index)" }

  /// The first of the names of a class; ImageNet's have several.
  func shortLabel(_ index: Int) -> String {
    let label = label(index)
    return label.split(separator: ",").first.map(String.init) ?? label
  }
}
