/// The refusals that many operators share, in one wording.
extension Operator {
  /// Refuses another number of operands.
  public func expect(
    _ operands: [TensorType], count: Int
  ) throws(ShapeError) {
    guard operands.count == count else {
      throw ShapeError(name, "takes \(count) operand(s), got \(operands.count)")
    }
  }

  /// Refuses operands that hold no fractions.
  public func expectFloatingPoint(_ operands: [TensorType]) throws(ShapeError) {
    for operand in operands where !operand.elementType.isFloatingPoint {
      throw ShapeError(
        name, "takes floating-point numbers, got \(operand); cast it first")
    }
  }

  /// All operands hold the same kind of number.
  package func expectOneElementType(_ operands: [TensorType]) throws(ShapeError) {
    guard let first = operands.first else { return }
    for operand in operands.dropFirst() where operand.elementType != first.elementType {
      throw ShapeError(
        name, "element types differ: \(first) and \(operand); cast one of them")
    }
  }

  package func expectRank(
    _ operand: TensorType, _ ranks: ClosedRange<Int>, _ what: String
  ) throws(ShapeError) {
    guard ranks.contains(operand.rank) else {
      let range =
        ranks.count == 1 ? "\(ranks.lowerBound)" : "\(ranks.lowerBound) to \(ranks.upperBound)"
      throw ShapeError(name, "\(what) must have rank \(range), got \(operand.shape)")
    }
  }

  package func expectBool(_ operand: TensorType, _ what: String) throws(ShapeError) {
    guard operand.elementType == .bool else {
      throw ShapeError(
        name, "\(what) must be bool, got \(operand); compare it with something first")
    }
  }

  /// Positions or labels: int32 or int64.
  package func expectIndices(_ operand: TensorType, _ what: String) throws(ShapeError) {
    guard operand.elementType == .int32 || operand.elementType == .int64 else {
      throw ShapeError(name, "\(what) must be int32 or int64, got \(operand); cast them first")
    }
  }

  /// An attribute lies within `range`.
  package func expect(
    _ value: Int, in range: ClosedRange<Int>, _ what: String
  ) throws(ShapeError) {
    guard range.contains(value) else {
      throw ShapeError(
        name, "\(what) must lie between \(range.lowerBound) and \(range.upperBound), got \(value)")
    }
  }

  /// An axis of `shape`, counted from the end when negative.
  package func resolve(axis: Int, of shape: Shape) throws(ShapeError) -> Int {
    try shape.resolve(axis: axis, name)
  }

  /// Axes of `shape`, ascending, each once.
  package func resolve(axes: [Int], of shape: Shape) throws(ShapeError) -> [Int] {
    var resolved: [Int] = []
    for axis in axes { resolved.append(try resolve(axis: axis, of: shape)) }
    guard Set(resolved).count == resolved.count else {
      throw ShapeError(name, "axes \(axes) name an axis of \(shape) twice")
    }
    return resolved.sorted()
  }
}

extension Shape {
  /// An axis, counted from the end when negative.
  package func resolve(
    axis: Int, _ operation: @autoclosure () -> String
  ) throws(ShapeError) -> Int {
    guard axis >= -rank, axis < rank else {
      let axes = rank == 0 ? "which has none" : "whose axes are 0 to \(rank - 1)"
      throw ShapeError(operation(), "axis \(axis) does not exist in \(self), \(axes)")
    }
    return axis < 0 ? axis + rank : axis
  }
}

extension Tensor {
  /// What a composition says when it is given no fractions.
  package func expectFloatingPoint(
    _ operation: @autoclosure () -> String
  ) throws(ShapeError) {
    guard elementType.isFloatingPoint else {
      throw ShapeError(operation(), "takes floating-point numbers, got \(type); cast it first")
    }
  }
}
