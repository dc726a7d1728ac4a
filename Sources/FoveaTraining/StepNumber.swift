public import FoveaTensor

/// The number of a step, and what update rules make of it alone.
///
/// Such a formula is recorded once per step, however many parameters there are.
public final class StepNumber {
  /// The number, beginning with 1, as a tensor of rank 0.
  public let tensor: Tensor
  private var derived: [String: Tensor] = [:]

  public init(_ tensor: Tensor) { self.tensor = tensor }

  /// What `formula` makes of the number; the same name stands for the same formula.
  public func deriving(_ name: String, _ formula: (Tensor) -> Tensor) -> Tensor {
    if let known = derived[name] { return known }
    let made = formula(tensor)
    derived[name] = made
    return made
  }
}
