package import FoveaTensor

/// What a parameter begins with.
///
/// ```swift
/// Conv2D(in: 3, out: 64, kernel: 7, weights: .heNormal(fan: .out))
/// ```
public struct Initializer: Hashable, Sendable {
  /// Which connections of a weight are counted.
  public enum Fan: Hashable, Sendable {
    /// What flows into one output.
    case `in`
    /// What one input flows into.
    case out
    /// The mean of both.
    case average
  }

  package enum Rule: Hashable, Sendable {
    case fixed(Distribution)
    /// Standard deviation `gain / √fan`.
    case scaled(gain: Double, fan: Fan, isNormal: Bool)
    case orthogonal(gain: Double)
    case dirac(groups: Int)
  }

  package let rule: Rule

  public static let zeros = constant(0)
  public static let ones = constant(1)

  public static func constant(_ value: Double) -> Initializer {
    Initializer(rule: .fixed(.constant(value)))
  }

  public static func uniform(_ range: ClosedRange<Double>) -> Initializer {
    Initializer(rule: .fixed(.uniform(low: range.lowerBound, high: range.upperBound)))
  }

  public static func normal(mean: Double = 0, deviation: Double = 1) -> Initializer {
    Initializer(rule: .fixed(.normal(mean: mean, deviation: deviation)))
  }

  /// Normal, with nothing further from the mean than `cut` deviations.
  public static func truncatedNormal(
    mean: Double = 0, deviation: Double = 1, cut: Double = 2
  ) -> Initializer {
    Initializer(rule: .fixed(.truncatedNormal(mean: mean, deviation: deviation, cut: cut)))
  }
}

extension Initializer {
  /// He, Zhang, Ren, Sun. *Delving deep into rectifiers*, 2015.
  public static func heNormal(fan: Fan = .in, gain: Double = Gain.relu) -> Initializer {
    Initializer(rule: .scaled(gain: gain, fan: fan, isNormal: true))
  }

  /// The same deviation, uniformly.
  public static func heUniform(fan: Fan = .in, gain: Double = Gain.relu) -> Initializer {
    Initializer(rule: .scaled(gain: gain, fan: fan, isNormal: false))
  }

  /// Glorot, Bengio. *Understanding the difficulty of training deep feedforward neural networks*,
  /// 2010.
  public static func glorotNormal(gain: Double = 1) -> Initializer {
    Initializer(rule: .scaled(gain: gain, fan: .average, isNormal: true))
  }

  /// The same deviation, uniformly.
  public static func glorotUniform(gain: Double = 1) -> Initializer {
    Initializer(rule: .scaled(gain: gain, fan: .average, isNormal: false))
  }

  /// LeCun, Bottou, Orr, Müller. *Efficient backprop*, 1998.
  public static func lecunNormal() -> Initializer { heNormal(gain: 1) }

  /// The same deviation, uniformly.
  public static func lecunUniform() -> Initializer { heUniform(gain: 1) }

  /// Between −1/√fan and 1/√fan: what PyTorch gives convolutions and linear layers.
  public static let fanInUniform = heUniform(gain: (1.0 / 3).squareRoot())

  /// Rows, or columns where there are fewer, of length `gain` at right angles.
  ///
  /// Saxe, McClelland, Ganguli. *Exact solutions to the nonlinear dynamics of learning in deep
  /// linear neural networks*, 2013.
  public static func orthogonal(gain: Double = 1) -> Initializer {
    Initializer(rule: .orthogonal(gain: gain))
  }

  /// A convolution that gives its input back, as far as there are channels.
  public static func dirac(groups: Int = 1) -> Initializer {
    Initializer(rule: .dirac(groups: groups))
  }
}

/// How much an activation shrinks a signal, undone.
public enum Gain {
  public static let linear = 1.0
  public static let sigmoid = 1.0
  public static let tanh = 5.0 / 3
  public static let relu = 2.0.squareRoot()
  public static let selu = 0.75

  public static func leakyReLU(slope: Double) -> Double { (2 / (1 + slope * slope)).squareRoot() }
}

/// How many connections meet in one output, and leave one input, of a weight `[O, C, spatial…]`.
package struct Fans: Hashable, Sendable {
  package let incoming: Int
  package let outgoing: Int

  package init(_ shape: Shape) throws(ShapeError) {
    guard shape.rank >= 2 else {
      throw ShapeError(
        "initializer",
        "counts the connections of a weight [out, in, …], got \(shape); "
          + "use a constant, uniform or normal one")
    }
    let field = shape.extents[2...].reduce(1, *)
    incoming = shape[1] * field
    outgoing = shape[0] * field
  }

  func count(_ fan: Initializer.Fan) -> Double {
    switch fan {
    case .in: Double(incoming)
    case .out: Double(outgoing)
    case .average: Double(incoming + outgoing) / 2
    }
  }
}

extension Initializer {
  /// What the numbers of a parameter of this shape are drawn from.
  package func distribution(for shape: Shape) throws(ShapeError) -> Distribution {
    switch rule {
    case .fixed(let distribution):
      try distribution.check()
      return distribution
    case .scaled(let gain, let fan, let isNormal):
      let deviation = gain / (try Fans(shape).count(fan)).squareRoot()
      guard isNormal else {
        let bound = 3.0.squareRoot() * deviation
        return .uniform(low: -bound, high: bound)
      }
      return .normal(mean: 0, deviation: deviation)
    case .orthogonal(let gain):
      _ = try Fans(shape)
      return .orthogonal(gain: gain)
    case .dirac(let groups):
      guard (3...5).contains(shape.rank), groups > 0, shape[0] % groups == 0 else {
        throw ShapeError(
          "initializer",
          "dirac takes a filter [O, C/groups, spatial…] of 1 to 3 spatial axes whose "
            + "\(groups) groups divide its output channels, got \(shape)")
      }
      return .dirac(groups: groups)
    }
  }
}
