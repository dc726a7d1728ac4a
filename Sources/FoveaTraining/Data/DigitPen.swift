/// Draws one digit: bends and places its strokes, then inks them.
///
/// Only IEEE additions, multiplications, divisions and square roots are used, none from a mathematics
/// library, so that the pixels are the same on every machine.
struct DigitPen {
  private var random: DigitRandom
  private let column: DigitPoint
  private let row: DigitPoint
  private let aside: DigitPoint
  private let bend: (DigitPoint, DigitPoint, DigitPoint)
  private let shake: Float
  private let radius: Float
  private let pressure: (start: Float, slope: Float)
  private let softness: Float
  private let darkness: Float
  private let grain: Float

  /// The straight pieces between two points of a smooth stroke.
  private static let pieces = 5

  /// A hand, chosen by the random numbers.
  init(_ generator: DigitRandom) {
    var random = generator
    // A rotation by up to 15 degrees; the tangent of half the angle gives cosine and sine exactly.
    let half = random.symmetric() * 0.1317
    let cosine = (1 - half * half) / (1 + half * half)
    let sine = 2 * half / (1 + half * half)
    let shear = random.central() * 0.55
    let height = 18 + random.symmetric() * 4.5
    let width = height * (0.98 + random.symmetric() * 0.26)
    column = DigitPoint(cosine, sine) * width
    row = DigitPoint(shear * cosine - sine, shear * sine + cosine) * height
    aside = DigitPoint(random.symmetric(), random.symmetric()) * 3
    bend = (
      DigitPoint(random.central(), random.central()) * 0.4,
      DigitPoint(random.central(), random.central()) * 0.4,
      DigitPoint(random.central(), random.central()) * 0.3
    )
    shake = 0.02 + random.unit() * 0.03
    radius = 0.75 + random.unit() * 0.85
    pressure = (1 + random.symmetric() * 0.2, random.symmetric() * 0.3)
    softness = 0.9 + random.unit() * 0.7
    darkness = 0.72 + random.unit() * 0.28
    grain = random.unit() * 0.09
    self.random = random
  }

  /// Draws a shape into 28 × 28 pixels of ink, 0 for paper.
  mutating func draw(_ shape: DigitShape, into pixels: UnsafeMutableBufferPointer<UInt8>) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: Digits.pixelCount) { ink in
      ink.initialize(repeating: 0)
      draw(shape, ink: ink)
      for index in 0..<Digits.pixelCount {
        let noise = random.central() * grain
        let value = (ink[index] * darkness + noise) * 255
        pixels[index] = UInt8(max(0, min(255, value.rounded())))
      }
    }
  }

  private mutating func draw(_ shape: DigitShape, ink: UnsafeMutableBufferPointer<Float>) {
    var moved: [(from: DigitPoint, to: DigitPoint)] = []
    var low = DigitPoint(repeating: .infinity)
    var high = -low
    for stroke in shape.strokes {
      for point in stroke.points where !moved.contains(where: { $0.from == point }) {
        let place = shaken(point)
        low = pointwiseMin(low, place)
        high = pointwiseMax(high, place)
        moved.append((point, place))
      }
    }
    let shift = self.shift(from: low, to: high)
    for stroke in shape.strokes {
      let points = stroke.points.compactMap { point in
        moved.first { $0.from == point }.map { $0.to + shift }
      }
      if stroke.isSmooth {
        drawCurve(points, ink: ink)
      } else {
        drawLines(points, ink: ink)
      }
    }
  }

  /// What moves the strokes into the picture: to its middle, then aside as far as there is room.
  private func shift(from low: DigitPoint, to high: DigitPoint) -> DigitPoint {
    let margin = radius + 0.5
    let paper = DigitPoint(repeating: Float(Digits.side - 1))
    let room = pointwiseMax((paper - (high - low)) * 0.5 - margin, .zero)
    return (paper - low - high) * 0.5 + pointwiseMax(-room, pointwiseMin(room, aside))
  }

  /// A point of the table, bent, slanted and turned, with the tremor of the hand.
  private mutating func shaken(_ point: DigitPoint) -> DigitPoint {
    let jitter = DigitPoint(random.central(), random.central()) * (shake * 2)
    let warp = bend.0 * (point.x * point.y) + bend.1 * (point.y * point.y) + bend.2 * point.x
    let bent = point + warp + jitter
    return column * bent.x + row * bent.y
  }

  private func drawLines(_ points: [DigitPoint], ink: UnsafeMutableBufferPointer<Float>) {
    let step = 1 / Float(points.count - 1)
    for index in 1..<points.count {
      drawSegment(
        from: points[index - 1], to: points[index], at: Float(index - 1) * step,
        until: Float(index) * step, ink: ink)
    }
  }

  /// The Catmull–Rom curve through the points.
  private func drawCurve(_ points: [DigitPoint], ink: UnsafeMutableBufferPointer<Float>) {
    let count = points.count
    let isClosed = points[0] == points[count - 1]
    let step = 1 / Float((count - 1) * Self.pieces)
    var last = points[0]
    for index in 0..<(count - 1) {
      let start = points[index]
      let end = points[index + 1]
      let before = index > 0 ? points[index - 1] : isClosed ? points[count - 2] : start
      let after = index + 2 < count ? points[index + 2] : isClosed ? points[1] : end
      let enter = (end - before) * 0.5
      let leave = (after - start) * 0.5
      for piece in 1...Self.pieces {
        let t = Float(piece) / Float(Self.pieces)
        let square = t * t
        let cube = square * t
        let ends = start * (2 * cube - 3 * square + 1) + end * (3 * square - 2 * cube)
        let next = ends + enter * (cube - 2 * square + t) + leave * (cube - square)
        let place = Float(index * Self.pieces + piece)
        drawSegment(from: last, to: next, at: (place - 1) * step, until: place * step, ink: ink)
        last = next
      }
    }
  }

  /// Inks a segment: a pixel gets as much ink as it is near, and the most of all segments counts.
  private func drawSegment(
    from start: DigitPoint, to end: DigitPoint, at beginning: Float, until finish: Float,
    ink: UnsafeMutableBufferPointer<Float>
  ) {
    let middle = (beginning + finish) * 0.5
    let width = radius * (pressure.start + pressure.slope * (middle - 0.5))
    let reach = width + softness * 0.5
    let low = pointwiseMin(start, end) - reach
    let high = pointwiseMax(start, end) + reach
    let limit = Float(Digits.side - 1)
    let left = Int(max(0, min(limit, low.x.rounded(.up))))
    let right = Int(max(0, min(limit, high.x.rounded(.down))))
    let top = Int(max(0, min(limit, low.y.rounded(.up))))
    let bottom = Int(max(0, min(limit, high.y.rounded(.down))))
    guard left <= right, top <= bottom else { return }
    let along = end - start
    let squaredLength = (along * along).sum()
    let scale = squaredLength > 0 ? 1 / squaredLength : 0
    let reachSquared = reach * reach
    let sharpness = 1 / softness
    for y in top...bottom {
      for x in left...right {
        let away = DigitPoint(Float(x), Float(y)) - start
        let share = max(0, min(1, (away * along).sum() * scale))
        let offset = away - along * share
        let squared = (offset * offset).sum()
        guard squared < reachSquared else { continue }
        let amount = min(1, (reach - squared.squareRoot()) * sharpness)
        let index = y * Digits.side + x
        if amount > ink[index] { ink[index] = amount }
      }
    }
  }
}
