import FoveaTensor

/// Numbers that are named and not yet drawn.
struct InitialValue: Sendable {
  let type: TensorType
  let distribution: Distribution
  let draw: RandomDraw?

  /// Takes its place in the current stream; nothing is allocated.
  init(_ initializer: Initializer, _ type: TensorType) throws(ShapeError) {
    for (axis, extent) in type.shape.extents.enumerated()
    where !(1...Shape.largestExtent).contains(extent) {
      throw ShapeError(
        "parameter",
        "cannot have shape \(type.shape): axis \(axis) must lie between 1 and "
          + "\(Shape.largestExtent)")
    }
    guard let count = type.shape.checkedCount, count <= Shape.largestCount else {
      throw ShapeError(
        "parameter",
        "cannot have shape \(type.shape): more than the \(Shape.largestCount) elements "
          + "of the largest tensor")
    }
    self.type = type
    distribution = try initializer.distribution(for: type.shape)
    draw = distribution.isRandom ? RandomStream.current.next() : nil
    guard draw == nil || type.elementType.isFloatingPoint else {
      throw ShapeError("parameter", "\(type) cannot be drawn at random; begin with a constant")
    }
  }

  /// The numbers; the same whenever they are asked for.
  func drawn() -> PlainValue {
    switch distribution {
    case .orthogonal(let gain): return PlainValue(type, orthogonalRows(gain: gain))
    case .dirac(let groups): return PlainValue(type, diracFilter(groups: groups))
    case .constant, .uniform, .normal, .truncatedNormal: break
    }
    guard type.elementType == .float32 else {
      var scalars = [Float](repeating: 0, count: type.shape.count)
      scalars.withUnsafeMutableBufferPointer { fill($0) }
      return PlainValue(type, scalars.map(Double.init))
    }
    return PlainValue(type) { bytes in fill(bytes.bindMemory(to: Float.self)) }
  }

  private func fill(_ target: UnsafeMutableBufferPointer<Float>) {
    let source = RandomFill(draw ?? RandomDraw(seed: 0, index: 0))
    switch distribution {
    case .constant(let value): target.update(repeating: Float(value))
    case .uniform(let low, let high): source.uniform(target, low: low, high: high)
    case .normal(let mean, let deviation): source.normal(target, mean: mean, deviation: deviation)
    case .truncatedNormal(let mean, let deviation, let cut):
      source.truncatedNormal(target, mean: mean, deviation: deviation, cut: cut)
    case .orthogonal, .dirac: preconditionFailure("not drawn number by number")
    }
  }

  /// Gram–Schmidt, twice for the sake of rounding, over normal rows.
  private func orthogonalRows(gain: Double) -> [Double] {
    let (rows, columns) = (type.shape[0], type.shape.count / type.shape[0])
    let (count, length) = (min(rows, columns), max(rows, columns))
    var numbers = [Float](repeating: 0, count: count * length)
    numbers.withUnsafeMutableBufferPointer {
      RandomFill(draw!).normal($0, mean: 0, deviation: 1)
    }
    var basis: [[Double]] = []
    for row in 0..<count {
      var vector = numbers[row * length..<(row + 1) * length].map(Double.init)
      for _ in 0..<2 {
        for other in basis {
          let share = zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }
          for index in vector.indices { vector[index] -= share * other[index] }
        }
      }
      let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      basis.append(vector.map { $0 / norm })
    }
    var result = [Double](repeating: 0, count: rows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        result[row * columns + column] =
          gain * (rows <= columns ? basis[row][column] : basis[column][row])
      }
    }
    return result
  }

  /// 1 in the middle of each channel's own filter.
  private func diracFilter(groups: Int) -> [Double] {
    let shape = type.shape
    var result = [Double](repeating: 0, count: shape.count)
    let perGroup = shape[0] / groups
    let middle = (2..<shape.rank).reduce(0) { $0 * shape[$1] + shape[$1] / 2 }
    let field = shape.extents[2...].reduce(1, *)
    for group in 0..<groups {
      for channel in 0..<min(perGroup, shape[1]) {
        result[((group * perGroup + channel) * shape[1] + channel) * field + middle] = 1
      }
    }
    return result
  }
}
