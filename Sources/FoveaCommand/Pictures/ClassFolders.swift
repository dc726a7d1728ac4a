import Fovea
import FoveaCommandKit

/// A folder with a folder of pictures for each class, and which class of a network each one is.
struct ClassFolders {
  /// The folder that was taken.
  let path: String
  /// The pictures, in order, each with the number of its class.
  let pictures: [(file: String, truth: Int)]
  /// The folders by the number of their class.
  let folders: [Int: String]
  /// Whether folders had to be matched by their order.
  let isMatchedByOrder: Bool

  /// Looks for the folders and matches them with the classes of the model.
  init(_ data: String, _ model: ResolvedModel) throws {
    switch FileFacts(data).kind {
    case .missing: throw CommandFailure(.noInput, "\(visible(data)) does not exist")
    case .file: throw CommandFailure(.noInput, "\(visible(data)) is a file, not a folder")
    case .folder: break
    }
    path = Self.split(of: data)
    let names = Self.folders(in: path)
    guard !names.isEmpty else {
      throw CommandFailure(
        .noInput, "\(visible(path)) has no folders, one of pictures for each class",
        hint: "put the pictures of each class into a folder of their own")
    }
    (folders, isMatchedByOrder) = try Self.match(names, model, in: path)
    let base = path.hasSuffix("/") ? path : path + "/"
    pictures = folders.sorted { $0.key < $1.key }.flatMap { index, name in
      PictureFinder.files(in: base + name).map { ($0, index) }
    }
    guard !pictures.isEmpty else {
      throw CommandFailure(.noInput, "there are no pictures in the folders of \(visible(path))")
    }
  }

  private static func folders(in path: String) -> [String] {
    let base = path.hasSuffix("/") ? path : path + "/"
    return (FileFacts.names(in: path) ?? []).filter { FileFacts(base + $0).kind == .folder }
  }

  /// The part of a data set that was kept from learning, where it is divided.
  private static func split(of data: String) -> String {
    let base = data.hasSuffix("/") ? data : data + "/"
    let names = Set(folders(in: data))
    for name in ["test", "val", "valid", "validation"] where names.contains(name) {
      return base + name
    }
    return data
  }

  private static func match(
    _ names: [String], _ model: ResolvedModel, in path: String
  ) throws -> (folders: [Int: String], byOrder: Bool) {
    var classes: [String: Int] = [:]
    for index in (0..<model.classCount).reversed() {
      classes[String(index)] = index
      for part in (model.labels?[index] ?? "").split(separator: ",") {
        classes[folded(String(part))] = index
      }
    }
    var found: [Int: String] = [:]
    var unknown: [String] = []
    for name in names {
      guard let index = classes[folded(name)], found[index] == nil else {
        unknown.append(name)
        continue
      }
      found[index] = name
    }
    if unknown.isEmpty { return (found, false) }
    if found.isEmpty, names.count == model.classCount {
      return (Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0, $1) }), true)
    }
    let listed = unknown.prefix(5).map { visible($0) }.joined(separator: ", ")
    let more = unknown.count > 5 ? " and \(unknown.count - 5) more" : ""
    throw CommandFailure(
      .dataError,
      "\(visible(path)): \(model.entry.name) has \(model.classCount) classes, none of which is called "
        + "\(listed)\(more)",
      hint: "call the folders \(visible(model.shortLabel(0))), "
        + "\(visible(model.shortLabel(min(1, model.classCount - 1)))) …, or by their numbers from 0"
    )
  }

  /// Names without what people write differently.
  private static func folded(_ name: String) -> String {
    String(name.lowercased().filter { !" _-".contains($0) })
  }
}
