import FoveaTensor

extension Reshape: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let operand = vertex.operands[0]
    let shape = vertex.operandTypes[0].shape
    if let layout = plan.layout(of: operand), layout != .plain,
      let image = ImageLayout(layout, of: shape), image.isRowMajor(shape)
    {
      // One pixel per image, as behind a global pool: whatever the layout is called, it is a row.
      var value = plan.value(operand)
      value.layout = .plain
      plan.define(vertex.result(0), as: value)
    } else {
      plan.define(vertex.result(0), as: try plan.plain(operand))
    }
    return true
  }
}
