import Foundation

/// A file for the length of a test.
final class TemporaryFile {
  let path: String
  private let folder: URL

  init(_ bytes: [UInt8], name: String = "weights") throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "fovea-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.appending(path: name).path
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  deinit { try? FileManager.default.removeItem(at: folder) }
}
