import Fovea

/// The picture files that a command line means.
enum PictureFinder {
  /// Files as they are named, and for a folder every file in it that is called like a picture.
  static func files(_ paths: [String]) -> [String] {
    paths.flatMap { path in
      FileFacts(path).kind == .folder ? files(in: path, depth: 0) : [path]
    }
  }

  /// The pictures in a folder and below.
  static func files(in folder: String, depth: Int = 0) -> [String] {
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    var found: [String] = []
    for name in FileFacts.names(in: folder) ?? [] {
      let path = prefix + name
      if FileFacts(path).kind == .folder {
        // Links can lead back, and nobody nests pictures this deep.
        if depth < 32, !FileFacts.isLink(path) { found += files(in: path, depth: depth + 1) }
      } else if isCalledLikeAPicture(name) {
        found.append(path)
      }
    }
    return found
  }

  private static func isCalledLikeAPicture(_ name: String) -> Bool {
    guard let dot = name.lastIndex(of: ".") else { return false }
    let ending = name[name.index(after: dot)...].lowercased()
    return PictureFormat.usualExtensions.contains(ending) || foreignExtensions.contains(ending)
  }

  /// Pictures that cannot be read are named, not passed over.
  private static let foreignExtensions: Set<String> = [
    "webp", "tif", "tiff", "gif", "heic", "avif", "jxl",
  ]
}
