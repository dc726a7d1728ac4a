public import FoveaTensor

/// How one parameter moves: a recorded formula of its gradient and of what the rule remembers.
///
/// The optimizer then subtracts the learning rate times the result. Everything that changes from
/// step to step arrives as a tensor, so that all steps are one plan; the formula is recorded once
/// for all parameters of one shape.
///
/// ```swift
/// struct Momentum: UpdateRule {
///   let memory = [OptimizerMemory("velocity")]
///
///   func update(_ g: Tensor, memory: inout [Tensor], step t: Tensor) -> Tensor {
///     memory[0] = 0.9 * memory[0] + g
///     return memory[0]
///   }
/// }
/// ```
public protocol UpdateRule: Sendable {
  /// What the rule remembers of every parameter: tensors of the parameter's own shape.
  var memory: [OptimizerMemory] { get }

  /// How parameters are drawn to zero.
  var decay: WeightDecay { get }

  /// What to subtract, times the learning rate; `memory` is replaced by its next value.
  ///
  /// - Parameter t: the number of this step, beginning with 1.
  func update(_ g: Tensor, memory: inout [Tensor], step t: Tensor) -> Tensor
}

extension UpdateRule {
  public var decay: WeightDecay { .none }
}

/// One tensor per parameter that an update rule remembers.
public struct OptimizerMemory: Hashable, Sendable {
  /// What it is called in a checkpoint.
  public let name: String
  /// What it holds before the first step.
  public let start: Double

  public init(_ name: String, startingAt start: Double = 0) {
    self.name = name
    self.start = start
  }
}

/// How parameters are drawn to zero while they are trained.
public enum WeightDecay: Hashable, Sendable {
  case none
  /// `λ·w` is part of the gradient, as if `λ/2·|w|²` were part of the loss.
  case inGradient(Double)
  /// `λ·w` is subtracted beside the rule.
  ///
  /// Loshchilov, Hutter. *Decoupled weight decay regularization*, 2017.
  case besideRule(Double)

  /// The same kind with another strength.
  func with(_ strength: Double?) -> WeightDecay {
    guard let strength else { return self }
    return switch self {
    case .besideRule: .besideRule(strength)
    case .none, .inGradient: .inGradient(strength)
    }
  }
}
