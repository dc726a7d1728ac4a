/// The adjoint of taking patches: every column added back to the window it came from.
package struct PatchesAdjoint: SingleResultOperator {
  package let geometry: PoolGeometry
  package let image: Shape

  package init(_ geometry: PoolGeometry, image: Shape) {
    self.geometry = geometry
    self.image = image
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    try expectFloatingPoint(operands)
    let x = operands[0].with(shape: image)
    try x.validate(name)
    let patches = try Patches(geometry).type(of: [x])
    guard patches == operands[0] else {
      throw ShapeError(
        name, "an image \(image) has patches \(patches.shape), not \(operands[0].shape)")
    }
    return x
  }

  package func evaluate(_ operands: [HostArray], into x: inout HostArray) {
    geometry.forEachPatchElement(of: image) { pixel, element in
      x.scalars[pixel] += operands[0].scalars[element]
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    [try .recording(Patches(geometry), [g])]
  }
}
