/// `z[…, i, j] = Σ x[…, i, k] · y[…, k, j]`; the axes in front broadcast.
package struct MatrixProduct: SingleResultOperator {
  /// Whether the last two axes of `x` are exchanged first.
  package let transposesLeft: Bool
  /// Whether those of `y` are.
  package let transposesRight: Bool
  /// The kind of number the sums are given as; `nil` for that of the operands.
  package let result: ElementType?

  package init(
    transposesLeft: Bool = false, transposesRight: Bool = false, result: ElementType? = nil
  ) {
    self.transposesLeft = transposesLeft
    self.transposesRight = transposesRight
    self.result = result
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2)
    try expectFloatingPoint(operands)
    try expectOneElementType(operands)
    for (operand, what) in zip(operands, ["the left matrix", "the right matrix"]) {
      guard operand.rank >= 2 else {
        throw ShapeError(name, "\(what) must have at least 2 axes, got \(operand.shape)")
      }
    }
    let (x, y) = (operands[0].shape, operands[1].shape)
    let (rows, inner) = matrix(x, transposesLeft)
    let (lines, columns) = matrix(y, transposesRight)
    guard inner == lines else {
      throw ShapeError(
        name,
        "a row of \(x)\(transposesLeft ? ", transposed," : "") has \(inner) elements, a column "
          + "of \(y)\(transposesRight ? ", transposed," : "") has \(lines)")
    }
    let front = Shape(Array(x.extents.dropLast(2)))
    guard let batch = front.broadcast(with: Shape(Array(y.extents.dropLast(2)))) else {
      throw ShapeError(
        name,
        "the axes in front of the matrices of \(x) and \(y) do not broadcast: aligned from "
          + "the right, every pair of extents must be equal or contain a 1")
    }
    let shape = Shape(batch.extents + [rows, columns])
    return TensorType(shape, result ?? operands[0].elementType)
  }

  /// Rows and columns of the matrices, as they are multiplied.
  private func matrix(_ shape: Shape, _ isTransposed: Bool) -> (rows: Int, columns: Int) {
    isTransposed ? (shape[-1], shape[-2]) : (shape[-2], shape[-1])
  }

  package func evaluate(_ operands: [HostArray], into z: inout HostArray) {
    let (x, y) = (operands[0], operands[1])
    let (rows, inner) = matrix(x.shape, transposesLeft)
    let columns = z.shape[-1]
    let batch = Shape(Array(z.shape.extents.dropLast(2)))
    let left = Broadcast(Shape(Array(x.shape.extents.dropLast(2))), to: batch)
    let right = Broadcast(Shape(Array(y.shape.extents.dropLast(2))), to: batch)
    for b in 0..<batch.count {
      let (atX, atY) = (left.source(of: b) * rows * inner, right.source(of: b) * inner * columns)
      for i in 0..<rows {
        for j in 0..<columns {
          var sum = 0.0
          for k in 0..<inner {
            sum +=
              x.scalars[atX + (transposesLeft ? k * rows + i : i * inner + k)]
              * y.scalars[atY + (transposesRight ? j * inner + k : k * columns + j)]
          }
          z.scalars[(b * rows + i) * columns + j] = sum
        }
      }
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    let (x, y) = (operands[0], operands[1])
    let g = g.cast(to: x.elementType)
    func product(
      _ a: Tensor, _ b: Tensor, _ left: Bool, _ right: Bool
    ) throws(ShapeError) -> Tensor {
      try .recording(MatrixProduct(transposesLeft: left, transposesRight: right), [a, b])
    }
    let dx =
      try transposesLeft
      ? product(y, g, transposesRight, true) : product(g, y, false, !transposesRight)
    let dy =
      try transposesRight
      ? product(g, x, true, transposesLeft) : product(x, g, !transposesLeft, false)
    return [dx.summed(to: x.shape), dy.summed(to: y.shape)]
  }
}

extension Tensor {
  /// The product of matrices, or of a matrix and a vector, or of two vectors.
  ///
  /// The last two axes are the matrices, those in front broadcast. A vector on the left is a row, on
  /// the right a column, and its axis is gone in the result.
  public func times(
    _ other: Tensor, transposingLeft: Bool = false, transposingRight: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try recordingProduct(
        other, MatrixProduct(transposesLeft: transposingLeft, transposesRight: transposingRight))
    }
  }

  package func recordingProduct(
    _ other: Tensor, _ product: MatrixProduct
  ) throws(ShapeError) -> Tensor {
    guard rank > 0, other.rank > 0 else {
      throw ShapeError(
        product.name, "takes matrices and vectors, got \(shape) and \(other.shape)")
    }
    guard rank > 1, other.rank > 1 else { return try recordingVectorProduct(other, product) }
    guard rank > 2, other.rank == 2, !product.transposesLeft else {
      return try .recording(product, [self, other])
    }
    // One large matrix instead of many that share a factor: then neither that factor is repeated,
    // nor the many gradients of it summed.
    let rows = reshaped(to: [shape.count / shape[-1], shape[-1]])
    let result = try Tensor.recording(product, [rows, other])
    return result.reshaped(to: Shape(shape.extents.dropLast() + [result.shape[-1]]))
  }

  private func recordingVectorProduct(
    _ other: Tensor, _ product: MatrixProduct
  ) throws(ShapeError) -> Tensor {
    // A vector has nothing to transpose.
    let left = rank == 1 ? reshaped(to: [1, shape[0]]) : self
    let right = other.rank == 1 ? other.reshaped(to: [other.shape[0], 1]) : other
    let result = try Tensor.recording(
      MatrixProduct(
        transposesLeft: product.transposesLeft && rank > 1,
        transposesRight: product.transposesRight && other.rank > 1), [left, right])
    var extents = result.shape.extents
    if other.rank == 1 { extents.removeLast() }
    if rank == 1 { extents.remove(at: extents.count - (other.rank == 1 ? 1 : 2)) }
    return result.reshaped(to: Shape(extents))
  }
}
