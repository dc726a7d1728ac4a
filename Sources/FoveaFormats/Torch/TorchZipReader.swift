import FoveaSystem

/// Reads what PyTorch saves since 1.6: a zip archive of one pickle and one file per storage.
enum TorchZipReader {
  static func read(_ file: ByteRange, _ limits: ReadLimits) throws(FileError) -> Weights {
    let archive = try ZipArchive(file, limits)
    var budget = ReadBudget(limits, fileSize: file.count)
    let folder = try folder(of: archive, file)
    if let order = try archive.contents(of: folder + "byteorder", &budget) {
      guard order.text == "little" else {
        throw file.error(
          in: quoted(folder + "byteorder"), found: quoted(order.text ?? "no text"),
          expected: "“little”", hint: "save it again on a machine of today's kind")
      }
    }
    guard let pickle = try archive.contents(of: folder + "data.pkl", &budget)
    else { throw noWeights(archive, file) }
    var machine = PickleMachine(ByteCursor(pickle.named("data.pkl")), limits)
    let root = try machine.run()
    let dictionary = try StateDictionary(root, machine)
    var bytes: [String: ByteRange] = [:]
    for (_, tensor) in dictionary.tensors {
      let key = machine.storages[tensor.storage].key
      guard bytes[key] == nil else { continue }
      bytes[key] = try archive.contents(of: "\(folder)data/\(key)", &budget)
    }
    return try TorchWeights.make(
      dictionary, machine, .torchZip, &budget, bytes: bytes, limits)
  }

  /// The one folder that everything is in.
  private static func folder(
    of archive: ZipArchive, _ file: ByteRange
  ) throws(FileError) -> String {
    let pickles = archive.entries.filter {
      $0.name.hasSuffix("/data.pkl") && $0.name.split(separator: "/").count == 2
    }
    guard pickles.count == 1, let pickle = pickles.first else { throw noWeights(archive, file) }
    let folder = String(pickle.name.dropLast("data.pkl".count))
    // A program has its pickle, too; but it also has code.
    if archive.entries.contains(where: { $0.name == folder + "constants.pkl" }) {
      throw file.error(
        in: "the archive", found: "a TorchScript program", expected: "a dictionary of tensors",
        hint: "in Python: torch.save(torch.jit.load(path).state_dict(), “weights.pth”)")
    }
    return folder
  }

  /// What the archive is instead, if that can be told.
  private static func noWeights(_ archive: ZipArchive, _ file: ByteRange) -> FileError {
    let names = archive.entries.map(\.name)
    let found: String
    if names.contains(where: { $0.hasSuffix(".npy") }) {
      found = "NumPy arrays"
    } else if names.contains("model.weights.h5") {
      found = "a Keras model"
    } else if names.contains(where: { $0.hasSuffix("archive_format") }) {
      found = "an exported PyTorch program"
    } else {
      let shown = listing(names.map(quoted), limit: 3)
      found = names.isEmpty ? "an empty archive" : "an archive of \(shown)"
    }
    return file.error(
      in: "the archive", found: found, expected: "one data.pkl in a folder, as PyTorch saves it",
      hint: "in Python: torch.save(model.state_dict(), “weights.pth”)")
  }
}
