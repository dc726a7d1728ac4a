public import FoveaNN
public import FoveaTensor

/// A network Fovea knows by name, and what is published of it.
public struct ZooEntry: Sendable, CustomStringConvertible {
  /// What the command line calls it, and torchvision where it has it.
  public let name: String
  public let title: String
  /// Where it was published.
  public let paper: String
  /// One picture: channels, height, width.
  public let input: Shape
  /// The heights and widths that a picture may have.
  public let sides: ClosedRange<Int>
  /// How many classes there are unless told otherwise.
  public let classCount: Int
  /// How many numbers are trained for that many classes, as published.
  public let parameterCount: Int
  /// What the published weights expect of a picture.
  public let preprocessing: Preprocessing

  let build: @Sendable (_ classes: Int, _ dropout: Double?) -> any Layer

  public var description: String { title }

  /// The network, with weights drawn from the stream of random numbers that is current now.
  ///
  /// ```swift
  /// let model = withSeed(1) { Zoo.entry(named: "resnet18")!.make(classes: 5) }
  /// ```
  ///
  /// - Parameters:
  ///   - classes: how many answers there are; as published when left out.
  ///   - dropout: how often a number is dropped in training; as published when left out, and
  ///     without a meaning where nothing is dropped.
  public func make(classes: Int? = nil, dropout: Double? = nil) -> any Layer {
    build(classes ?? classCount, dropout)
  }
}
