public import FoveaNN
public import FoveaTensor

/// LeCun, Bottou, Bengio, Haffner. *Gradient-based learning applied to document recognition*, 1998,
/// section II.B.
/// Differs: the codes of the classes are ±1 at random, which the paper considers, instead of drawn
/// letters; answers are negative distances, so that the nearest code has the largest.
public struct LeNet5Of1998: Layer {
  // swift-format-ignore
  /// Table I: which maps of S2 each map of C3 sees.
  static let table: [[Int]] = [
    [0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5], [0, 4, 5], [0, 1, 5],
    [0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5], [0, 3, 4, 5], [0, 1, 4, 5], [0, 1, 2, 5],
    [0, 1, 3, 4], [1, 2, 4, 5], [0, 2, 3, 5],
    [0, 1, 2, 3, 4, 5],
  ]

  public let c1 = Conv2D.uniform(in: 1, out: 6)
  let s2 = Subsampling(6)
  let c3: ConnectedMaps
  let s4 = Subsampling(16)
  public let c5 = Conv2D.uniform(in: 16, out: 120)
  public let f6 = Linear(
    in: 120, out: 84, weights: .uniform(fanIn: 121), biases: .uniform(fanIn: 121))
  let output: ClassCodes

  public init(classes: Int = 10) {
    c3 = ConnectedMaps(LeNet5Of1998.table)
    output = ClassCodes(classes: classes, length: 84)
  }

  public func forward(_ x: Tensor) -> Tensor {
    let maps = c3(s2(c1(x)).squashed())
    let features = c5(s4(maps).squashed()).squashed().flattened()
    return output(f6(features).squashed())
  }
}

/// The sum of each 2×2 window, scaled and shifted by two numbers per map.
struct Subsampling: Layer {
  /// The scale, `[C]`.
  let weight: Parameter
  /// The shift, `[C]`.
  let bias: Parameter

  init(_ maps: Int) {
    weight = Parameter(.uniform(fanIn: 5), shape: [maps])
    bias = Parameter(.uniform(fanIn: 5), shape: [maps])
  }

  func forward(_ x: Tensor) -> Tensor {
    let sums = x.averagePooled(2) * 4
    let shape: Shape = [1, weight.shape[0], 1, 1]
    return sums * weight.tensor.reshaped(to: shape) + bias.tensor.reshaped(to: shape)
  }
}

/// Maps that see only some of those before, each through a 5×5 filter of its own.
struct ConnectedMaps: Layer {
  let maps: [Conv2D]
  private let table: [[Int]]

  init(_ table: [[Int]]) {
    self.table = table
    maps = table.map { .uniform(in: $0.count, out: 1) }
  }

  var parts: [ModulePart] {
    maps.enumerated().map { ModulePart("\($0.offset)", $0.element) }
  }

  func forward(_ x: Tensor) -> Tensor {
    let given = x.split(count: x.shape[1], axis: 1)
    let found = zip(maps, table).map { map, seen in
      map(.concatenated(seen.map { given[$0] }, axis: 1))
    }
    return .concatenated(found, axis: 1)
  }
}

/// How near the features are to the code of each class: `−Σ (x − code)²`.
struct ClassCodes: Layer {
  /// `[classes, length]`; kept, not trained.
  let codes: Parameter

  init(classes: Int, length: Int) {
    // Weyl's sequence of the golden ratio: signs without a pattern, the same in every network.
    let signs = (0..<UInt32(clamping: classes * length)).map { index -> Float in
      var bits = index &* 0x9E37_79B1
      bits = (bits ^ bits >> 16) &* 0x85EB_CA6B
      return bits >> 31 == 0 ? 1 : -1
    }
    codes = Parameter(Tensor(signs, shape: [classes, length]), trainable: false)
  }

  func forward(_ x: Tensor) -> Tensor {
    let differences = x.unsqueezed(axis: 1) - codes.tensor.unsqueezed(axis: 0)
    return -differences.squared().sum(axes: [2])
  }
}

extension Tensor {
  /// `1.7159·tanh(2x/3)`, which leaves ±1 where they are.
  fileprivate func squashed() -> Tensor { (self * (2.0 / 3)).tanh() * 1.7159 }
}

extension Initializer {
  /// Within ±2.4 divided by the number of inputs, appendix A.
  fileprivate static func uniform(fanIn inputs: Int) -> Initializer {
    .uniform(-2.4 / Double(inputs)...2.4 / Double(inputs))
  }
}

extension Conv2D {
  fileprivate static func uniform(in inputs: Int, out outputs: Int) -> Conv2D {
    let initial = Initializer.uniform(fanIn: 25 * inputs + 1)
    return Conv2D(in: inputs, out: outputs, kernel: 5, weights: initial, biases: initial)
  }
}
