/// The axes in another order: axis `i` of the result is axis `order[i]` of the operand.
package struct Transpose: SingleResultOperator {
  package let order: [Int]

  package init(_ order: [Int]) { self.order = order }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    let shape = operands[0].shape
    guard order.count == shape.rank, Set(order) == Set(0..<shape.rank) else {
      throw ShapeError(
        name, "order \(order) does not name every axis of \(shape) once")
    }
    return operands[0].with(shape: Shape(order.map { shape[$0] }))
  }

  package func evaluate(_ x: [HostArray], into y: inout HostArray) {
    let strides = x[0].shape.strides
    let map = IndexMap(y.shape, strides: order.map { strides[$0] })
    for index in y.scalars.indices { y.scalars[index] = x[0].scalars[map.source(of: index)] }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    let inverse = order.indices.map { axis in order.firstIndex(of: axis)! }
    return [try .recording(Transpose(inverse), [g])]
  }
}

extension Tensor {
  /// The axes in another order; they may be named from the end.
  ///
  ///     images.transposed(to: [0, 2, 3, 1])  // [N, C, H, W] becomes [N, H, W, C]
  public func transposed(
    to order: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let order = order.map { $0 < 0 && $0 >= -rank ? $0 + rank : $0 }
    guard order != Array(0..<rank) else { return self }
    return .record(Transpose(order), self, file: file, line: line)
  }

  /// Two axes exchanged; by default the last two.
  public func transposed(
    _ first: Int = -2, _ second: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try recordingTranspose(first, second)
    }
  }

  package func recordingTranspose(_ first: Int, _ second: Int) throws(ShapeError) -> Tensor {
    let first = try shape.resolve(axis: first, "transpose")
    let second = try shape.resolve(axis: second, "transpose")
    guard first != second else { return self }
    var order = Array(0..<rank)
    order.swapAt(first, second)
    return try .recording(Transpose(order), [self])
  }
}
