import Fovea

/// A network that was named, or recognised in a file with weights.
struct NamedNetwork {
  /// The network as the zoo knows it.
  let entry: ZooEntry
  let classCount: Int
  /// Channels, height and width of a picture.
  let input: Shape
  /// The file it was recognised in.
  let file: String?
  /// What a person should know about the reading.
  let notes: [String]
  private let weighted: (any Layer)?

  /// A network as it was published, without weights.
  init(_ entry: ZooEntry) {
    self.entry = entry
    classCount = entry.classCount
    input = entry.input
    file = nil
    notes = []
    weighted = nil
  }

  /// A network with the weights of a file.
  init(_ model: ResolvedModel, in file: String) {
    entry = model.entry
    classCount = model.classCount
    input = Shape([model.entry.input[0], model.preprocessing.height, model.preprocessing.width])
    self.file = file
    notes = model.notes
    weighted = model.network
  }

  /// The network; without a file, its weights are drawn from the current stream of random numbers.
  func make() -> any Layer { weighted ?? entry.make() }
}
