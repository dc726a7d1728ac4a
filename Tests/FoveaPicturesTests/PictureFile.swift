import Foundation
import FoveaPictures

/// A file, and the picture Pillow makes of it.
struct PictureFile: Decodable, Sendable, CustomStringConvertible {
  let name: String
  let file: Data
  let width: Int
  let height: Int
  let rgb: Data
  let gray: Data

  var description: String { name }

  var bytes: [UInt8] { [UInt8](file) }

  func picture(_ channels: Picture.Channels) -> Picture {
    Picture(
      width: width, height: height, channels: channels,
      values: [UInt8](channels == .rgb ? rgb : gray))
  }

  static let all: [PictureFile] = load("picture_files")

  /// The file of this name.
  static func named(_ name: String) -> PictureFile {
    guard let file = all.first(where: { $0.name == name }) else {
      fatalError("there is no golden called “\(name)”")
    }
    return file
  }

  static func load<Case: Decodable>(_ name: String) -> [Case] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let path = folder.appending(path: "../Goldens/\(name).json").standardizedFileURL
    do {
      return try JSONDecoder().decode([Case].self, from: Data(contentsOf: path))
    } catch {
      fatalError("\(path.path): \(error)")
    }
  }
}
