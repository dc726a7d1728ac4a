import FoveaCompiler
import FoveaTensor

extension ElementwiseChain: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    try ChainLowering.lower(self, vertex, into: plan)
  }
}

/// An element-wise operator by itself is a chain of one.
protocol LoneElementwise: ElementwiseOperator, Lowerable {}

extension LoneElementwise {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let chain = ElementwiseChain(
      operandCount: arity, instructions: [.init(self, Array(0..<arity))], outputs: [arity])
    return try ChainLowering.lower(chain, vertex, into: plan)
      || ExactLowering.lower(self, vertex, into: plan)
  }
}

extension Unary: LoneElementwise {}
extension Binary: LoneElementwise {}
extension Comparison: LoneElementwise {}
extension Cast: LoneElementwise {}
extension Expand: LoneElementwise {}
extension Select: LoneElementwise {}
extension Logical: LoneElementwise {}
extension Clamp: LoneElementwise {}
