import Foundation
import FoveaFormats
import FoveaPictures
import FoveaTensor

/// A reader, and what may be expected of it whatever it is given.
struct FuzzTarget: Sendable {
  let name: String
  /// Bytes with right checksums where the format has them: with wrong ones, no reader goes far.
  let mended: (@Sendable ([UInt8]) -> [UInt8])?
  private let read: @Sendable ([UInt8]) -> Void

  private init(
    _ name: String, mended: (@Sendable ([UInt8]) -> [UInt8])? = nil,
    read: @escaping @Sendable ([UInt8]) -> Void
  ) {
    self.name = name
    self.mended = mended
    self.read = read
  }

  /// A folder of Fuzz/corpus each.
  static let all: [FuzzTarget] = [
    FuzzTarget("safetensors", read: weights),
    FuzzTarget("torch-zip", mended: Checksums.zip, read: weights),
    FuzzTarget("torch-pickle", mended: Archive.around, read: weights),
    FuzzTarget("torch-legacy", read: weights),
    FuzzTarget("jpeg", read: picture),
    FuzzTarget("png", mended: Checksums.png, read: picture),
    FuzzTarget("bmp", read: picture),
    FuzzTarget("netpbm", read: picture),
  ]

  static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }

  /// The one that the command line names; libFuzzer's callback has no room for it.
  static let current = named(CommandLine.arguments.dropFirst().first ?? "") ?? all[0]

  /// Reads the bytes, and traps where something is not as it must be.
  func run(_ bytes: [UInt8]) {
    read(bytes)
    if let mended { read(mended(bytes)) }
  }

  private static func weights(_ bytes: [UInt8]) {
    guard let weights = try? Weights.decode(bytes, named: "fuzz") else { return }
    let size = weights.tensors.values.reduce(0) { $0 + $1.type.byteCount }
    guard size <= 16 * bytes.count + 1 << 20 else { fatalError("\(size) bytes of numbers") }
    // Every number with a fraction is used.
    let wide = weights.converted(to: .float64)
    guard wide.tensors.count == weights.tensors.count else { fatalError("a tensor was lost") }
  }

  private static func picture(_ bytes: [UInt8]) {
    let limits = PictureLimits(pixels: 1 << 20, bytes: 1 << 20)
    for channels in [Picture.Channels.rgb, .gray] {
      guard
        let picture = try? Picture.decode(bytes, named: "fuzz", as: channels, limits: limits)
      else { continue }
      guard picture.width * picture.height <= limits.pixels else { fatalError("\(picture)") }
      // A small picture comes back from a file of our own as it was.
      guard picture.values.count < 1 << 14 else { continue }
      let again = try? Picture.decode(picture.pngFile(), named: "again", as: channels)
      guard again == picture else { fatalError("\(picture) did not come back") }
    }
  }
}
