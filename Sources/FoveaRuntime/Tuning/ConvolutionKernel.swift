import COneDNN

/// One way to compute a convolution; `winograd any` and the like in cache files and run records.
struct ConvolutionKernel: Hashable, Sendable {
  enum Algorithm: String, CaseIterable, Sendable {
    case direct
    /// F(4×4, 3×3): about a quarter of the multiplications, and an error a few times as large.
    case winograd
    /// Not the library's, but a kernel for few channels with an image in each lane of a vector.
    case small
    /// Winograd's algorithm once more, by a kernel of our own, for any number of images.
    case tiles

    var oneDNN: odn_algorithm {
      switch self {
      case .direct, .small, .tiles: ODN_ALGORITHM_DIRECT
      case .winograd: ODN_ALGORITHM_WINOGRAD
      }
    }
  }

  /// How the tensors with pixels lie.
  enum Arrangement: String, CaseIterable, Sendable {
    /// As the library likes it best.
    case any
    /// As they come.
    case kept
    /// In blocks of as many channels as a vector holds.
    case blocked
    /// Channels innermost.
    case last
    /// Row-major.
    case plain
    /// The image row-major, the output in blocks: where pictures of few channels enter a network.
    case opening
    /// Images innermost, one to a lane of a vector; an image that comes row-major stays so.
    case lanes
  }

  let algorithm: Algorithm
  let arrangement: Arrangement

  init(_ algorithm: Algorithm, _ arrangement: Arrangement) {
    self.algorithm = algorithm
    self.arrangement = arrangement
  }
}

extension ConvolutionKernel: LosslessStringConvertible {
  var description: String { "\(algorithm.rawValue) \(arrangement.rawValue)" }

  init?(_ description: String) {
    let words = description.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 2, let algorithm = Algorithm(rawValue: String(words[0])),
      let arrangement = Arrangement(rawValue: String(words[1]))
    else { return nil }
    self.init(algorithm, arrangement)
  }
}
