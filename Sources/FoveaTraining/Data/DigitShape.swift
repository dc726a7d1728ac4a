/// A point of the plane; y grows downwards, and a digit is one unit high around the origin.
typealias DigitPoint = SIMD2<Float>

/// One movement of the pen.
struct DigitStroke: Sendable {
  /// Whether the pen rounds the points or stops at each.
  let isSmooth: Bool
  /// The points it passes through.
  let points: [DigitPoint]

  static func smooth(_ points: DigitPoint...) -> DigitStroke {
    DigitStroke(isSmooth: true, points: points)
  }

  static func straight(_ points: DigitPoint...) -> DigitStroke {
    DigitStroke(isSmooth: false, points: points)
  }
}

/// One way to write a digit.
struct DigitShape: Sendable {
  /// The movements of the pen. Points that are equal in the table stay equal however the hand shakes.
  let strokes: [DigitStroke]

  init(_ strokes: DigitStroke...) {
    self.strokes = strokes
  }
}

extension DigitShape {
  /// The ways to write each digit, by class.
  static let all: [[DigitShape]] = [
    zeros, ones, twos, threes, fours, fives, sixes, sevens, eights, nines,
  ]

  private static let zeros = [
    DigitShape(
      .smooth(
        [0.02, -0.5], [-0.22, -0.36], [-0.32, 0], [-0.24, 0.36], [0, 0.5], [0.24, 0.36],
        [0.32, 0], [0.22, -0.38], [0.02, -0.5])),
    DigitShape(
      .smooth(
        [0.1, -0.46], [-0.12, -0.44], [-0.24, -0.14], [-0.24, 0.2], [-0.1, 0.47], [0.12, 0.44],
        [0.25, 0.14], [0.24, -0.2], [0.1, -0.46], [-0.04, -0.44])),
  ]

  private static let ones = [
    DigitShape(.straight([0, -0.5], [0, 0.5])),
    DigitShape(.straight([-0.15, -0.24], [0.04, -0.5], [0.04, 0.5])),
    DigitShape(
      .straight([-0.15, -0.26], [0.02, -0.5], [0.02, 0.48]),
      .straight([-0.2, 0.48], [0.24, 0.48])),
  ]

  private static let twos = [
    DigitShape(
      .smooth(
        [-0.27, -0.28], [-0.14, -0.46], [0.08, -0.49], [0.25, -0.32], [0.18, -0.06],
        [-0.06, 0.2], [-0.3, 0.47]),
      .straight([-0.3, 0.47], [0.32, 0.46])),
    DigitShape(
      .smooth(
        [-0.26, -0.32], [-0.08, -0.49], [0.16, -0.44], [0.24, -0.22], [0.1, 0.08], [-0.12, 0.36],
        [-0.28, 0.46], [-0.3, 0.32], [-0.14, 0.32], [0.08, 0.45], [0.33, 0.4])),
  ]

  private static let threes = [
    DigitShape(
      .smooth(
        [-0.26, -0.37], [-0.06, -0.5], [0.17, -0.42], [0.2, -0.22], [0.06, -0.06],
        [-0.1, -0.03]),
      .smooth(
        [-0.1, -0.03], [0.14, 0.02], [0.28, 0.2], [0.18, 0.42], [-0.06, 0.5], [-0.29, 0.37])),
    DigitShape(
      .straight([-0.26, -0.47], [0.24, -0.47], [-0.04, -0.1]),
      .smooth(
        [-0.04, -0.1], [0.18, -0.04], [0.28, 0.18], [0.16, 0.42], [-0.08, 0.49], [-0.3, 0.37])),
  ]

  private static let fours = [
    DigitShape(
      .straight([-0.2, -0.46], [-0.28, 0.1], [0.32, 0.08]),
      .straight([0.12, -0.34], [0.08, 0.5])),
    DigitShape(
      .straight([0.12, -0.5], [-0.32, 0.14], [0.33, 0.14]),
      .straight([0.12, -0.5], [0.12, 0.5])),
    DigitShape(
      .straight([0.04, -0.5], [-0.3, 0.12], [0.32, 0.1]),
      .straight([0.14, -0.2], [0.12, 0.5])),
  ]

  private static let fives = [
    DigitShape(
      .straight([0.27, -0.48], [-0.18, -0.47], [-0.22, -0.06]),
      .smooth(
        [-0.22, -0.06], [0.02, -0.12], [0.25, 0.04], [0.26, 0.28], [0.08, 0.47], [-0.12, 0.48],
        [-0.28, 0.37])),
    DigitShape(
      .straight([-0.16, -0.46], [0.28, -0.5]),
      .smooth(
        [-0.16, -0.46], [-0.2, -0.2], [-0.14, -0.08], [0.1, -0.08], [0.25, 0.1], [0.22, 0.34],
        [0.02, 0.48], [-0.26, 0.42])),
  ]

  private static let sixes = [
    DigitShape(
      .smooth(
        [0.18, -0.48], [-0.06, -0.32], [-0.23, 0], [-0.26, 0.26], [-0.1, 0.48], [0.12, 0.47],
        [0.26, 0.27], [0.16, 0.06], [-0.06, 0.06], [-0.23, 0.22])),
    DigitShape(
      .smooth(
        [0.02, -0.5], [-0.16, -0.2], [-0.25, 0.16], [-0.18, 0.42], [0.04, 0.49], [0.22, 0.36],
        [0.2, 0.14], [0.02, 0.06], [-0.16, 0.18], [-0.2, 0.32])),
  ]

  private static let sevens = [
    DigitShape(.straight([-0.28, -0.46], [0.28, -0.46], [-0.06, 0.5])),
    DigitShape(
      .straight([-0.28, -0.46], [0.28, -0.46], [-0.06, 0.5]),
      .straight([-0.12, 0.02], [0.24, 0])),
    DigitShape(
      .straight([-0.29, -0.34], [-0.27, -0.47], [0.28, -0.46]),
      .smooth([0.28, -0.46], [0.12, -0.14], [-0.02, 0.18], [-0.06, 0.5])),
  ]

  private static let eights = [
    DigitShape(
      .smooth(
        [0.2, -0.38], [0.02, -0.5], [-0.19, -0.39], [-0.16, -0.18], [0.04, -0.02], [0.23, 0.18],
        [0.19, 0.41], [0, 0.5], [-0.2, 0.41], [-0.24, 0.18], [-0.04, -0.02], [0.16, -0.18],
        [0.2, -0.38])),
    DigitShape(
      .smooth(
        [0, -0.02], [-0.18, -0.12], [-0.2, -0.36], [0, -0.5], [0.2, -0.36], [0.18, -0.12],
        [0, -0.02]),
      .smooth(
        [0, -0.02], [-0.23, 0.1], [-0.24, 0.37], [0, 0.5], [0.24, 0.37], [0.23, 0.1],
        [0, -0.02])),
  ]

  private static let nines = [
    DigitShape(
      .smooth(
        [0.23, -0.3], [0.06, -0.49], [-0.17, -0.42], [-0.24, -0.19], [-0.1, -0.02], [0.12, -0.08],
        [0.23, -0.3]),
      .straight([0.23, -0.3], [0.16, 0.5])),
    DigitShape(
      .smooth(
        [0.22, -0.32], [0.04, -0.49], [-0.18, -0.4], [-0.23, -0.18], [-0.08, -0.03], [0.13, -0.1],
        [0.22, -0.32]),
      .smooth([0.22, -0.32], [0.25, 0.04], [0.16, 0.38], [-0.04, 0.5], [-0.22, 0.41])),
  ]
}
