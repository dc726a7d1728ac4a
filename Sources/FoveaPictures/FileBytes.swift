import FoveaSystem
import FoveaTensor

/// Reading a whole file of bounded size.
enum FileBytes {
  static func read(_ path: String, _ limits: PictureLimits) throws(PictureError) -> [UInt8] {
    do throws(FileObstacle) {
      let file = try RegularFile.open(path)
      guard file.count <= limits.bytes else { throw .tooLarge(file.count, limits.bytes) }
      return try file.bytes()
    } catch {
      throw PictureError(error, path)
    }
  }
}

extension PictureError {
  /// What keeps the file at `path` from being read.
  init(_ obstacle: FileObstacle, _ path: String) {
    switch obstacle {
    case .missing: self.init(path, .unreadable, "does not exist")
    case .forbidden: self.init(path, .unreadable, "may not be read")
    case .folder: self.init(path, .foreign, "is a folder, not a picture")
    case .special: self.init(path, .foreign, "is not a regular file")
    case .zeroInName: self.init(path, .unreadable, "has a zero byte in its name")
    case .shortened(let count):
      self.init(
        path, .unreadable, "became shorter while it was read, after \(count.grouped) bytes")
    case .tooLarge(let count, let limit):
      self.init(
        path, .tooLarge, "has \(count.grouped) bytes; at most \(limit.grouped) are read")
    case .system(let words): self.init(path, .unreadable, "cannot be read: \(words)")
    }
  }
}
