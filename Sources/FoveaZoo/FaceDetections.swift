public import FoveaTensor

/// What a single-shot detector says of each of its anchors.
public struct FaceDetections: Sendable {
  /// The share of each class, the background first: `[N, anchors, classes]`.
  public let scores: Tensor
  /// How boxes differ from their anchors, as the network says it: `[N, anchors, 4]`.
  public let offsets: Tensor
  /// Centre, width and height of every anchor as fractions of the picture: `[anchors, 4]`.
  public let anchors: Tensor

  /// Left, top, right and bottom of every box as fractions of the picture: `[N, anchors, 4]`.
  ///
  /// Liu, Anguelov, Erhan, Szegedy, Reed, Fu, Berg. *SSD: single shot multibox detector*, 2015,
  /// section 2.2, with the variances 0.1 and 0.2 of the authors' program.
  public var boxes: Tensor {
    let centers =
      offsets.sliced(axis: 2, to: 2) * 0.1 * anchors.sliced(axis: 1, from: 2)
      + anchors.sliced(axis: 1, to: 2)
    let halves =
      (offsets.sliced(axis: 2, from: 2) * 0.2).exp()
      * (anchors.sliced(axis: 1, from: 2) * 0.5)
    return (centers - halves).concatenated(with: centers + halves, axis: 2)
  }
}

/// The boxes that ``UltraFace`` begins with: squares of a few sizes around every place of its features.
enum FaceAnchors {
  /// Sides in pixels, for features an eighth to a sixty-fourth as large as the picture.
  static let sides: [[Float]] = [[10, 16, 24], [32, 48], [64, 96], [128, 192, 256]]

  static func tensor(height: Int, width: Int) -> Tensor {
    var numbers: [Float] = []
    for (level, sides) in sides.enumerated() {
      let step = 8 << level
      let (rows, columns) = ((height + step - 1) / step, (width + step - 1) / step)
      for row in 0..<rows {
        for column in 0..<columns {
          for side in sides {
            let place = [
              (Float(column) + 0.5) / Float(columns), (Float(row) + 0.5) / Float(rows),
              side / Float(width), side / Float(height),
            ]
            numbers += place.map { min(max($0, 0), 1) }
          }
        }
      }
    }
    return Tensor(numbers, shape: [numbers.count / 4, 4])
  }
}
