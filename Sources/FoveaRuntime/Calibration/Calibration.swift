import FoveaCompiler
public import FoveaTensor

/// What a network's activations were like on a few pictures: the ranges that 8 bits are to hold.
///
/// ```swift
/// let calibration = try Calibration(batches) { model($0) }
/// let scores = try withPrecision(.int8(calibration)) { try model(images).tryScalars() }
/// ```
///
/// It belongs to a network with its weights as they are; batches and pictures may have any size. A
/// few dozen pictures like those to come are enough.
public struct Calibration: Hashable, Sendable {
  /// The network in words, such as `ResNet, 54 products`.
  public let network: String
  /// A number that only networks of the same products share.
  public let fingerprint: UInt64
  /// By the values that are kept in bytes, in the order of the graph.
  let ranges: [ClosedRange<Float>]

  /// Runs a network on pictures, batch by batch, and measures what is in it.
  ///
  /// Throws a ``CalibrationError`` when there are no pictures, or nothing that could be computed with
  /// bytes.
  ///
  /// - Parameters:
  ///   - batches: what the network takes, one or several pictures at a time.
  ///   - clipping: which of the largest numbers are cut off, so that the others are told apart.
  ///   - network: what is to be computed with bytes, recorded anew for each batch.
  public init(
    _ batches: [Tensor], clipping: Clipping = .leastSquares, of network: (Tensor) throws -> Tensor
  ) throws {
    guard !batches.isEmpty else { throw CalibrationError.noPictures }
    defer { Engine.forgetObservations() }
    var description: NetworkDescription?
    var distributions: [Distribution] = []
    for batch in batches {
      let result = try withPrecision(.float32) { try network(batch) }
      let (choice, values) = try Engine.observe([result])
      guard !values.isEmpty else { throw CalibrationError.nothingToQuantize }
      let own = NetworkDescription(choice, result)
      guard own.fingerprint == (description ?? own).fingerprint else {
        throw CalibrationError.otherNetwork(measured: description!.name, found: own.name)
      }
      if description == nil {
        description = own
        distributions = values.map { _ in Distribution() }
      }
      for (index, value) in values.enumerated() { distributions[index].add(value) }
    }
    self.network = description!.name
    fingerprint = description!.fingerprint
    ranges = distributions.map { $0.range(clipping) }
  }

  /// What to do with numbers that are far from the others.
  public enum Clipping: Hashable, Sendable {
    /// Nothing is cut off.
    case none
    /// What makes the sum of squared errors of cutting and of rounding the least.
    case leastSquares
    /// This share of all numbers is kept.
    case share(Double)
  }

  /// The ranges of a graph's values, when it is of the network that was measured.
  func ranges(for graph: Graph) throws -> [ClosedRange<Float>] {
    let choice = QuantizationChoice(graph)
    // What has no products, such as a loss of given scores, is computed as ever.
    if choice.values.isEmpty { return [] }
    let own = NetworkDescription(choice, graph)
    guard own.fingerprint == fingerprint, choice.values.count == ranges.count else {
      throw CalibrationError.otherNetwork(measured: network, found: own.name)
    }
    return ranges
  }
}
