import Foundation
import FoveaZoo

/// A picture, and what torchvision prepares of it.
struct PreparedPicture: Decodable, Sendable, CustomStringConvertible {
  let name: String
  let file: Data
  let shorterSide: Int?
  let height: Int
  let width: Int
  let values: Data
  let tensor: Data

  var description: String { name }

  var preprocessing: Preprocessing {
    Preprocessing(
      height: height, width: width,
      fit: shorterSide.map { .cropped(shorterSide: $0) } ?? .stretched, channels: .rgb,
      mean: Preprocessing.imageNet.mean, deviation: Preprocessing.imageNet.deviation)
  }

  /// The tensor's numbers.
  var numbers: [Float] {
    tensor.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map {
        Float(
          bitPattern: UInt32(
            littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
      }
    }
  }

  static let all: [PreparedPicture] = PictureFile.load("prepared_pictures")
}
