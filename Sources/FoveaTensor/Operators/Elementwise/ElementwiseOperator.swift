/// An operator that gives each element of its result from the elements at the same place of its
/// operands, which broadcast.
///
/// What conforms can be fused: a chain of such operators is computed in one pass over memory.
package protocol ElementwiseOperator: SingleResultOperator {
  /// One element of the result.
  func element(_ x: Double, _ y: Double, _ z: Double) -> Double
  /// How many operands there are, at most three.
  var arity: Int { get }
}

extension Unary: ElementwiseOperator {
  package var arity: Int { 1 }
  package func element(_ x: Double, _ y: Double, _ z: Double) -> Double { value(x) }
}

extension Binary: ElementwiseOperator {
  package var arity: Int { 2 }
  package func element(_ x: Double, _ y: Double, _ z: Double) -> Double { value(x, y) }
}

extension Comparison: ElementwiseOperator {
  package var arity: Int { 2 }
  package func element(_ x: Double, _ y: Double, _ z: Double) -> Double { holds(x, y) ? 1 : 0 }
}

extension Cast: ElementwiseOperator {
  package var arity: Int { 1 }
  package func element(_ x: Double, _ y: Double, _ z: Double) -> Double { elementType.rounded(x) }
}

extension Expand: ElementwiseOperator {
  package var arity: Int { 1 }
  package func element(_ x: Double, _ y: Double, _ z: Double) -> Double { x }
}

extension Select: ElementwiseOperator {
  package var arity: Int { 3 }
  package func element(_ x: Double, _ y: Double, _ z: Double) -> Double { x != 0 ? y : z }
}

extension Logical: ElementwiseOperator {
  package var arity: Int { 2 }
  package func element(_ x: Double, _ y: Double, _ z: Double) -> Double {
    holds(x != 0, y != 0) ? 1 : 0
  }
}

extension Clamp: ElementwiseOperator {
  package var arity: Int { 1 }
  package func element(_ x: Double, _ y: Double, _ z: Double) -> Double { value(x) }
}
