/// Handwritten digits that are drawn, not stored: a data set without files.
///
/// Each of the ten classes is a few pen strokes in two or three ways of writing. A digit is bent, slanted,
/// turned, placed and inked by random numbers that depend on the seed, the split and the index alone, so
/// digit 59,999 can be had without the others, in any order, by any number of threads.
///
///     let digits = Digits(seed: 7)
///     let pixels = digits.image(split: .training, index: 0)  // 784 bytes, 0 is paper
///     let answer = digits.label(split: .training, index: 0)
public struct Digits: Sendable {
  /// A part of the data set; parts share no digit.
  public enum Split: UInt64, Sendable, CaseIterable {
    /// To learn from.
    case training
    /// To choose settings by.
    case validation
    /// To judge by, once.
    case test
  }

  /// Pixels per row and rows per picture.
  public static let side = 28
  /// Bytes per picture.
  public static let pixelCount = side * side
  /// The number of classes.
  public static let classCount = 10

  /// The seed of every random number.
  public let seed: UInt64

  /// The digits of a seed.
  public init(seed: UInt64 = 0) {
    self.seed = seed
  }

  /// The class of a digit. Ten digits from a multiple of ten on hold every class once.
  public func label(split: Split, index: Int) -> Int {
    let position = UInt64(bitPattern: Int64(index))
    var random = DigitRandom(seed: seed, stream: split.rawValue * 2, index: position / 10)
    // The first steps of a shuffle, until the wanted place is settled.
    var classes: [10 of Int] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    let place = Int(position % 10)
    for current in 0...place {
      let chosen = current + random.below(Self.classCount - current)
      classes.swapAt(current, chosen)
    }
    return classes[place]
  }

  /// The picture of a digit, row by row, 0 for paper and 255 for the darkest ink.
  public func image(split: Split, index: Int) -> [UInt8] {
    images(split: split, indices: CollectionOfOne(index))
  }

  /// The pictures of several digits, one after the other.
  public func images(split: Split, indices: some Collection<Int>) -> [UInt8] {
    let count = indices.count
    return [UInt8](unsafeUninitializedCapacity: count * Self.pixelCount) { pixels, filled in
      for index in indices {
        let place = filled..<(filled + Self.pixelCount)
        draw(split: split, index: index, into: .init(rebasing: pixels[place]))
        filled = place.upperBound
      }
    }
  }

  private func draw(
    split: Split, index: Int, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) {
    let shapes = DigitShape.all[label(split: split, index: index)]
    let position = UInt64(bitPattern: Int64(index))
    var random = DigitRandom(seed: seed, stream: split.rawValue * 2 + 1, index: position)
    let shape = shapes[random.below(shapes.count)]
    var pen = DigitPen(random)
    pen.draw(shape, into: pixels)
  }
}
