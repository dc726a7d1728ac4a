public import FoveaTensor

/// Everything from an axis on as one: `[N, C, H, W]` becomes `[N, C·H·W]`.
public struct Flatten: Layer {
  public let axis: Int

  public init(from axis: Int = 1) { self.axis = axis }

  public func forward(_ x: Tensor) -> Tensor { x.flattened(from: axis) }

  public var declaration: String? { ProgramText.call(name, ("from", axis.unless(1))) }
}

/// What comes out is what came in.
public struct Identity: Layer {
  public init() {}

  public func forward(_ x: Tensor) -> Tensor { x }
}
