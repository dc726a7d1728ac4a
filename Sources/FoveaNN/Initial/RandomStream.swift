package import FoveaTensor
import Synchronization

/// Where initial weights and dropout masks come from: a seed, and how often it was drawn from.
///
/// Numbers are a function of both (Philox), so nothing depends on who computes them, in what order,
/// or on how many threads. The same seed gives the same numbers.
///
/// Salmon, Moraes, Dror, Shaw. *Parallel random numbers: as easy as 1, 2, 3*, 2011.
public final class RandomStream: Sendable {
  public let seed: UInt64
  private let drawn: Atomic<UInt64>

  /// The stream of the innermost ``withSeed(_:_:)``; outside of any, one stream for the process.
  @TaskLocal public static var current = RandomStream(seed: 0)

  /// - Parameter drawCount: where to go on, as when a training is resumed.
  public init(seed: UInt64, drawCount: UInt64 = 0) {
    self.seed = seed
    drawn = Atomic(drawCount)
  }

  /// How often numbers were drawn so far.
  public var drawCount: UInt64 { drawn.load(ordering: .relaxed) }

  /// The name of numbers nobody else draws.
  package func next() -> RandomDraw {
    RandomDraw(seed: seed, index: drawn.wrappingAdd(1, ordering: .relaxed).oldValue)
  }
}

/// The name of some random numbers: they follow from it alone.
package struct RandomDraw: Hashable, Sendable {
  package let seed: UInt64
  package let index: UInt64

  package init(seed: UInt64, index: UInt64) {
    self.seed = seed
    self.index = index
  }

  /// Where block number `block` of a stream lies.
  static func counter(_ block: UInt64, stream: UInt64) -> SIMD4<UInt32> {
    [
      UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32),
      UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32),
    ]
  }

  /// Leaves for recorded random numbers: other numbers every time, and no second plan.
  package var leaves: (key: Tensor, counter: Tensor) {
    func leaf(_ words: [UInt32]) -> Tensor {
      Tensor(words.map { Double(Int32(bitPattern: $0)) }, shape: [words.count], as: .int32)
    }
    let (key, counter) = (Philox(seed: seed).key, RandomDraw.counter(0, stream: index))
    return (leaf([key[0], key[1]]), leaf((0..<4).map { counter[$0] }))
  }
}

/// Draws everything in `body` from a stream of its own.
///
/// ```swift
/// let model = withSeed(1) { LeNet() }
/// ```
public func withSeed<Result>(_ seed: UInt64, _ body: () throws -> Result) rethrows -> Result {
  try RandomStream.$current.withValue(RandomStream(seed: seed), operation: body)
}

/// Draws everything in `body` from a stream of its own, across its suspensions.
public func withSeed<Result>(
  _ seed: UInt64, isolation: isolated (any Actor)? = #isolation,
  _ body: () async throws -> Result
) async rethrows -> Result {
  try await RandomStream.$current.withValue(
    RandomStream(seed: seed), operation: body, isolation: isolation)
}
