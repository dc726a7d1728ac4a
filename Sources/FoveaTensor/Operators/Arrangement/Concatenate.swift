/// Tensors one behind the other along an axis.
package struct Concatenate: SingleResultOperator {
  package let axis: Int

  package init(axis: Int) { self.axis = axis }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    guard let first = operands.first else {
      throw ShapeError(name, "takes at least one operand, got none")
    }
    try expectOneElementType(operands)
    let axis = try resolve(axis: axis, of: first.shape)
    var shape = first.shape
    for (position, operand) in operands.enumerated().dropFirst() {
      var expected = first.shape
      guard operand.rank == expected.rank else {
        throw ShapeError(
          name,
          "operand \(position + 1) of \(operands.count) has shape \(operand.shape), the first "
            + "has \(first.shape): the ranks must be equal")
      }
      expected[axis] = operand.shape[axis]
      guard operand.shape == expected else {
        throw ShapeError(
          name,
          "operand \(position + 1) of \(operands.count) has shape \(operand.shape), the first "
            + "has \(first.shape): they may differ on axis \(axis) only")
      }
      // Stays inside `Int`: one extent more than the largest is refused at once.
      shape[axis] += operand.shape[axis]
      try first.with(shape: shape).validate(name)
    }
    return first.with(shape: shape)
  }

  package func evaluate(_ x: [HostArray], into y: inout HostArray) {
    let axis = axis < 0 ? axis + y.shape.rank : axis
    let strides = y.shape.strides
    var start = 0
    for operand in x {
      let map = IndexMap(operand.shape, strides: strides, offset: start * strides[axis])
      for index in operand.scalars.indices {
        y.scalars[map.source(of: index)] = operand.scalars[index]
      }
      start += operand.shape[axis]
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    let axis = try resolve(axis: axis, of: g.shape)
    guard g.elementType.isFloatingPoint else { return operands.map { _ in nil } }
    return try g.recordingSplit(sizes: operands.map { $0.shape[axis] }, axis: axis)
  }
}

extension Tensor {
  /// Tensors one behind the other along an axis.
  public static func concatenated(
    _ tensors: [Tensor], axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    trapping(file: file, line: line) { () throws(ShapeError) in
      try recording(Concatenate(axis: axis), tensors)
    }
  }

  /// This and others one behind the other along an axis.
  public func concatenated(
    with others: Tensor..., axis: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .concatenated([self] + others, axis: axis, file: file, line: line)
  }

  /// Tensors of one shape side by side along a new axis.
  public static func stacked(
    _ tensors: [Tensor], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    trapping(file: file, line: line) { () throws(ShapeError) in
      try recordingStack(tensors, axis: axis)
    }
  }

  package static func recordingStack(
    _ tensors: [Tensor], axis: Int
  ) throws(ShapeError) -> Tensor {
    guard let first = tensors.first else {
      throw ShapeError("stack", "takes at least one tensor, got none")
    }
    for (position, tensor) in tensors.enumerated() where tensor.type != first.type {
      throw ShapeError(
        "stack",
        "tensor \(position + 1) of \(tensors.count) is \(tensor.type), the first is "
          + "\(first.type): they must be alike")
    }
    var extents = first.shape.extents
    let place = try Shape(extents + [1]).resolve(axis: axis, "stack")
    extents.insert(1, at: place)
    return try recording(
      Concatenate(axis: place), tensors.map { $0.reshaped(to: Shape(extents)) })
  }
}
