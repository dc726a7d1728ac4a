/// A tensor whose axes have names, each once.
struct LabelledTensor {
  enum Axis: Hashable {
    case letter(Character)
    /// One of the axes that three dots stand for, counted from the last.
    case dots(Int)
  }

  let tensor: Tensor
  let axes: [Axis]

  private init(_ tensor: Tensor, _ axes: [Axis]) {
    self.tensor = tensor
    self.axes = axes
  }

  private func extent(_ axis: Axis) -> Int? {
    axes.firstIndex(of: axis).map { tensor.shape[$0] }
  }
}

extension LabelledTensor {
  /// Names given by an equation; where one stands twice, the diagonal is taken.
  init(_ tensor: Tensor, _ names: [Character?], operand: Int) throws(ShapeError) {
    let dots = tensor.rank - names.count(where: { $0 != nil })
    guard dots >= 0, dots == 0 || names.contains(nil) else {
      let term = names.map { $0.map(String.init) ?? "..." }.joined()
      throw ShapeError(
        "einsum",
        "“\(term)” names \(names.count(where: { $0 != nil })) axes, operand \(operand) has "
          + "shape \(tensor.shape)")
    }
    let axes = names.flatMap { name -> [Axis] in
      if let name { return [.letter(name)] }
      return (0..<dots).reversed().map { .dots($0) }
    }
    self = try LabelledTensor(tensor, axes).withoutRepetition()
  }

  private func withoutRepetition() throws(ShapeError) -> LabelledTensor {
    for (first, axis) in axes.enumerated() {
      guard let second = axes[(first + 1)...].firstIndex(of: axis) else { continue }
      guard tensor.shape[first] == tensor.shape[second] else {
        throw LabelledTensor.unequal(axis, tensor.shape[first], tensor.shape[second])
      }
      let extent = tensor.shape[first]
      let others = axes.indices.filter { $0 != first && $0 != second }
      let square = try Tensor.recording(Transpose(others + [first, second]), [tensor])
      // One further on every line of the square.
      let front = others.map { tensor.shape[$0] }
      let line = square.reshaped(to: Shape(front + [extent * extent]))
      let diagonal = try line.recordingSlice(axis: -1, from: nil, to: nil, by: extent + 1)
      return try LabelledTensor(diagonal, others.map { axes[$0] } + [axis]).withoutRepetition()
    }
    return self
  }

  /// One name, one extent; the dots broadcast.
  static func expectEqualExtents(_ operands: [LabelledTensor]) throws(ShapeError) {
    var extents: [Axis: Int] = [:]
    for operand in operands {
      for (axis, extent) in zip(operand.axes, operand.tensor.shape.extents) {
        let known = extents[axis] ?? extent
        if case .dots = axis, known == 1 || extent == 1 {
          extents[axis] = Swift.max(known, extent)
          continue
        }
        guard known == extent else { throw unequal(axis, known, extent) }
        extents[axis] = extent
      }
    }
  }

  private static func unequal(_ axis: Axis, _ a: Int, _ b: Int) -> ShapeError {
    guard case .letter(let letter) = axis else {
      return ShapeError("einsum", "the axes of “...” do not broadcast: \(a) and \(b) elements")
    }
    return ShapeError("einsum", "axis “\(letter)” has \(a) elements and also \(b)")
  }
}

extension LabelledTensor {
  /// The product with another, summed over every axis that is not kept: a batch of matrix products.
  func times(
    _ other: LabelledTensor, keeping isKept: (Axis) -> Bool
  ) throws(ShapeError) -> LabelledTensor {
    let left = try summed { isKept($0) || other.axes.contains($0) }
    let right = try other.summed { isKept($0) || axes.contains($0) }
    let shared = left.axes.filter { right.axes.contains($0) }
    // What broadcasts cannot be summed in a product: it is kept, and summed afterwards.
    let inner = shared.filter { !isKept($0) && left.extent($0) == right.extent($0) }
    let batch = shared.filter { !inner.contains($0) }
    let rows = left.axes.filter { !shared.contains($0) }
    let columns = right.axes.filter { !shared.contains($0) }
    func matrices(_ x: LabelledTensor, _ a: [Axis], _ b: [Axis]) throws(ShapeError) -> Tensor {
      let order = (batch + a + b).map { x.axes.firstIndex(of: $0)! }
      let arranged = try Tensor.recording(Transpose(order), [x.tensor])
      func count(_ axes: [Axis]) -> Int { axes.reduce(1) { $0 * x.extent($1)! } }
      return arranged.reshaped(to: Shape(batch.map { x.extent($0)! } + [count(a), count(b)]))
    }
    let product = try Tensor.recording(
      MatrixProduct(), [matrices(left, rows, inner), matrices(right, inner, columns)])
    let front = Array(product.shape.extents.dropLast(2))
    let extents = front + rows.map { left.extent($0)! } + columns.map { right.extent($0)! }
    return LabelledTensor(product.reshaped(to: Shape(extents)), batch + rows + columns)
  }

  private func summed(keeping isKept: (Axis) -> Bool) throws(ShapeError) -> LabelledTensor {
    let dropped = axes.indices.filter { !isKept(axes[$0]) }
    guard !dropped.isEmpty else { return self }
    let sum = try Tensor.recording(Reduction(.sum, axes: dropped, keepsAxes: false), [tensor])
    return LabelledTensor(sum, axes.filter(isKept))
  }

  /// The axes that a result names, in its order.
  func arranged(_ names: [Character?]) throws(ShapeError) -> Tensor {
    let dots = axes.compactMap { axis -> Int? in
      if case .dots(let place) = axis { place } else { nil }
    }
    let order = names.flatMap { name -> [Axis] in
      if let name { return [.letter(name)] }
      return dots.sorted(by: >).map { .dots($0) }
    }
    let rest = try summed { order.contains($0) }
    return rest.tensor.transposed(to: order.map { rest.axes.firstIndex(of: $0)! })
  }
}
