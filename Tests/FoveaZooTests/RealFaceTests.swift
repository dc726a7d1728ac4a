import Foundation
import FoveaFormats
import FoveaNN
import FoveaPictures
import FoveaRuntime
import FoveaTensor
import FoveaZoo
import Testing

/// The published detector on photographs, where they are at hand, against ONNX Runtime.
@Suite(.enabled(if: RealFaces.areThere, "there is no ../shared/data"))
struct RealFaceTests {
  struct Expected: Decodable {
    struct Face: Decodable {
      let anchor: Int
      let score: Float?
      let scores: [Float]?
      let box: [Float]

      enum CodingKeys: String, CodingKey {
        case anchor, score, scores
        case box = "box_x1y1x2y2"
      }
    }
    struct Masked: Decodable {
      let top: [Face]
      let scoresSums: [Double]
      let boxesSum: Double

      enum CodingKeys: String, CodingKey {
        case top
        case scoresSums = "scores_sums"
        case boxesSum = "boxes_sum"
      }
    }
    struct Photo: Decodable {
      let faces: [Face]
      let scoresSum: Double
      let boxesSum: Double
      let offsetsTop: [[Float]]
      let offsetsSum: Double
      let masked: Masked?

      enum CodingKeys: String, CodingKey {
        case faces
        case scoresSum = "scores_sum"
        case boxesSum = "boxes_sum"
        case offsetsTop = "undecoded_boxes_top"
        case offsetsSum = "undecoded_boxes_sum"
        case masked = "RFB-640-masked_face-v2.onnx"
      }
    }
    let photos: [String: Photo]
  }

  @Test func photographsHaveTheFacesThatOthersFind() throws {
    let network = try RealFaces.network("version-RFB-320.pth", classes: 2)
    let expected = try RealFaces.expected()
    #expect(expected.count == 3)
    for (name, photo) in expected {
      let found = network(try RealFaces.input("\(name.prefix { $0 != "." })-320x240.ppm"))
      let scores = found.scores.scalars()
      let offsets = found.offsets.scalars()
      let boxes = found.boxes.scalars()
      #expect(photo.faces.count == 8)
      let ranked = (0..<4420).sorted { scores[2 * $0 + 1] > scores[2 * $1 + 1] }
      #expect(ranked.prefix(8).elementsEqual(photo.faces.map(\.anchor)))
      for face in photo.faces {
        let score = try #require(face.score)
        #expect(abs(scores[2 * face.anchor + 1] - score) < 1e-4, "\(name), \(face.anchor)")
        for side in 0..<4 {
          let box = boxes[4 * face.anchor + side]
          #expect(abs(box - face.box[side]) < 1e-4, "\(name), \(face.anchor)")
        }
      }
      for (face, values) in zip(photo.faces, photo.offsetsTop) {
        for side in 0..<4 {
          #expect(abs(offsets[4 * face.anchor + side] - values[side]) < 1e-3)
        }
      }
      let faces = stride(from: 1, to: scores.count, by: 2).reduce(0) { $0 + Double(scores[$1]) }
      #expect(abs(faces - photo.scoresSum) < 1e-2)
      #expect(abs(boxes.reduce(0) { $0 + Double($1) } - photo.boxesSum) < 5e-2)
      #expect(abs(offsets.reduce(0) { $0 + Double($1) } - photo.offsetsSum) < 0.5)
    }
  }

  @Test func masksAreSeenToo() throws {
    let network = try RealFaces.network("RFB-640-masked_face-v2.pth", classes: 3)
    let masked = try #require(RealFaces.expected()["astronaut.png"]?.masked)
    let found = network(try RealFaces.input("astronaut-640x480.ppm"))
    let scores = found.scores.scalars()
    let boxes = found.boxes.scalars()
    #expect(masked.top.count == 6)
    for face in masked.top {
      for (kind, score) in try #require(face.scores).enumerated() {
        #expect(abs(scores[3 * face.anchor + kind] - score) < 1e-3)
      }
      for side in 0..<4 {
        #expect(abs(boxes[4 * face.anchor + side] - face.box[side]) < 1e-3)
      }
    }
    for (kind, sum) in masked.scoresSums.enumerated() {
      let found = stride(from: kind, to: scores.count, by: 3).reduce(0) { $0 + Double(scores[$1]) }
      #expect(abs(found - sum) < 0.1)
    }
    #expect(abs(boxes.reduce(0) { $0 + Double($1) } - masked.boxesSum) < 0.5)
  }
}

enum RealFaces {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../shared/data/ultraface-rfb-320").standardizedFileURL

  static var areThere: Bool { FileManager.default.fileExists(atPath: folder.path) }

  static func network(_ file: String, classes: Int) throws -> UltraFace {
    let network = withSeed(0) { UltraFace(classes: classes) }
    try network.load(Weights.read(folder.appending(path: file).path).tensors)
    return network
  }

  static func expected() throws -> [String: RealFaceTests.Expected.Photo] {
    let data = try Data(contentsOf: folder.appending(path: "expected.json"))
    return try JSONDecoder().decode(RealFaceTests.Expected.self, from: data).photos
  }

  /// A picture as the network takes it: (v − 127) / 128.
  static func input(_ name: String) throws -> Tensor {
    let picture = try Picture.read(folder.appending(path: "inputs/\(name)").path)
    let count = picture.width * picture.height
    let numbers = (0..<3).flatMap { channel in
      (0..<count).map { (Float(picture.values[3 * $0 + channel]) - 127) / 128 }
    }
    return Tensor(numbers, shape: [1, 3, picture.height, picture.width])
  }
}
