/// Anything that owns parameters; copying one shares them, for parameters are identities.
///
/// Parts are found by reflection over stored properties: parameters, modules, optionals and arrays
/// of these. A property's name is the name in published checkpoints, so `layer1`, holding an array,
/// gives `layer1.0.conv1.weight`.
///
/// ```swift
/// struct Block: Layer {
///   let conv1 = Conv2D(in: 64, out: 64, kernel: 3, padding: 1)
///   let bn1 = BatchNorm(64)
///
///   func forward(_ x: Tensor) -> Tensor { bn1(conv1(x)).relu() }
/// }
/// ```
public protocol Module: Sendable, CustomStringConvertible {
  /// The named parts, in order; overridden where the names of properties do not serve.
  var parts: [ModulePart] { get }

  /// The expression that makes this module, such as `Linear(in: 84, out: 10)`; `nil` when it is
  /// best described by its parts.
  var declaration: String? { get }

  /// What the module is called in messages and drawings.
  var name: String { get }
}

extension Module {
  public var declaration: String? { nil }

  public var name: String { "\(Self.self)" }
}

/// A part of a module under its name in a checkpoint.
public struct ModulePart: Sendable {
  public enum Content: Sendable {
    case parameter(Parameter)
    case module(any Module)
  }

  public let name: String
  public let content: Content

  public init(_ name: String, _ parameter: Parameter) {
    self.name = name
    content = .parameter(parameter)
  }

  public init(_ name: String, _ module: any Module) {
    self.name = name
    content = .module(module)
  }
}
