public import FoveaTensor

/// A function as a layer.
///
/// ```swift
/// Lambda("halves") { $0 * 0.5 }
/// ```
///
/// Parameters that the function captures are not found; give those to a layer of your own.
public struct Lambda: Layer {
  /// What it is called in messages and drawings.
  public let label: String?
  private let function: @Sendable (Tensor) -> Tensor

  public init(_ label: String? = nil, _ function: @escaping @Sendable (Tensor) -> Tensor) {
    self.label = label
    self.function = function
  }

  public func forward(_ x: Tensor) -> Tensor { function(x) }

  public var name: String { label.map { "Lambda(\"\($0)\")" } ?? "Lambda" }

  public var declaration: String? { "\(name) { … }" }
}
