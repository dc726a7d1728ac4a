public import FoveaTensor

/// Layers applied one after another.
///
/// ```swift
/// let classifier = Sequential {
///   Linear(in: 400, out: 120)
///   ReLU()
///   Linear(in: 120, out: 10)
/// }
/// ```
///
/// Parts are called by their position, or by the names they were given. A slice is a `Sequential`
/// again and shares the layers: `features[0..<5]`.
public struct Sequential: Layer {
  public let layers: [any Layer]
  private let names: [String]?

  public init(_ layers: [any Layer]) {
    self.layers = layers
    names = nil
  }

  public init(@LayerBuilder _ layers: () -> [any Layer]) { self.init(layers()) }

  /// Layers under names of their own, as some published networks have them.
  public init(named layers: KeyValuePairs<String, any Layer>) {
    self.init(named: layers.map { ($0.key, $0.value) })
  }

  /// Layers under names of their own, as some published networks have them.
  public init(named layers: [(String, any Layer)]) {
    self.layers = layers.map(\.1)
    names = layers.map(\.0)
  }

  public func forward(_ input: Tensor) -> Tensor { layers.reduce(input) { $1($0) } }

  public var parts: [ModulePart] {
    layers.enumerated().map { ModulePart(names?[$0.offset] ?? "\($0.offset)", $0.element) }
  }
}

extension Sequential {
  public var count: Int { layers.count }

  public subscript(index: Int) -> any Layer { layers[index] }

  /// Some of the layers; they are counted from 0 again, unless they have names.
  public subscript(range: some RangeExpression<Int>) -> Sequential {
    let range = range.relative(to: layers)
    guard let names else { return Sequential(Array(layers[range])) }
    return Sequential(named: range.map { (names[$0], layers[$0]) })
  }
}
