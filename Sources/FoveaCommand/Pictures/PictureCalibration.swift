import Fovea
import FoveaCommandKit

/// Measures a network's activations on pictures of a folder.
struct PictureCalibration {
  private let model: ResolvedModel
  /// More pictures take longer and change nothing.
  private static let most = 48
  /// What lies between all layers is in memory at once.
  private static let batch = 4

  init(_ model: ResolvedModel) { self.model = model }

  /// Throws when there are no pictures, or one of them cannot be read.
  func calibration(_ folder: String) throws -> Calibration {
    guard FileFacts(folder).kind != .missing else {
      throw CommandFailure(.noInput, "\(visible(folder)) does not exist")
    }
    let files = Self.spread(PictureFinder.files([folder]))
    guard !files.isEmpty else {
      throw CommandFailure(
        .noInput, "there are no pictures in \(visible(folder)) to measure activations on")
    }
    let preprocessing = model.preprocessing
    var pictures = try files.map {
      preprocessing.fitted(try Picture.read($0, as: preprocessing.pictureChannels))
    }
    var batches: [Tensor] = []
    while !pictures.isEmpty {
      batches.append(preprocessing.tensor(ofFitted: Array(pictures.prefix(Self.batch))))
      pictures.removeFirst(min(Self.batch, pictures.count))
    }
    return try Calibration(batches) { model.network($0) }
  }

  /// Some of the files, from the whole list: folders of classes follow one another.
  private static func spread(_ files: [String]) -> [String] {
    guard files.count > most else { return files }
    return (0..<most).map { files[$0 * files.count / most] }
  }
}
