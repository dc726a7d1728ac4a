/// The same elements in the same order, under other extents.
package struct Reshape: SingleResultOperator {
  package let target: Shape

  package init(to target: Shape) { self.target = target }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    guard let count = target.checkedCount, count == operands[0].shape.count else {
      throw ShapeError(
        name,
        "\(operands[0].shape) has \(operands[0].shape.count) elements, \(target) has "
          + "\(target.checkedCount.map(String.init) ?? "no possible number of them")")
    }
    return operands[0].with(shape: target)
  }

  package func evaluate(_ operands: [HostArray], into result: inout HostArray) {
    result.scalars = operands[0].scalars
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    [try .recording(Reshape(to: operands[0].shape), [g])]
  }
}

extension Tensor {
  /// The same elements under other extents; one extent may be −1 and is then found.
  ///
  ///     x.reshaped(to: [-1, 400])
  public func reshaped(
    to target: Shape, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    var target = target
    if let free = target.extents.firstIndex(of: -1) {
      var others = target
      others.extents.remove(at: free)
      if let count = others.checkedCount, count > 0, shape.count % count == 0 {
        target.extents[free] = shape.count / count
      }
    }
    guard target != shape else { return self }
    return .record(Reshape(to: target), self, file: file, line: line)
  }

  /// Everything from `axis` on as one axis: `[N, C, H, W]` becomes `[N, C·H·W]`.
  public func flattened(
    from axis: Int = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      let axis = try Reshape(to: shape).resolve(axis: axis, of: shape)
      let tail = shape.extents[axis...].reduce(1, *)
      return reshaped(to: Shape(shape.extents[..<axis] + [tail]), file: file, line: line)
    }
  }
}
