/// The extents of a tensor, outermost first.
///
/// A shape can say anything; whether it can exist is checked when an operator is recorded.
public struct Shape: Hashable, Sendable {
  public var extents: [Int]

  public init(_ extents: [Int]) { self.extents = extents }

  public var rank: Int { extents.count }

  /// How many elements there are; `Int.max` when that is not a number a tensor can have.
  public var count: Int { checkedCount ?? .max }

  /// How many elements there are, or `nil` when an extent is negative or the product too large.
  public var checkedCount: Int? {
    var count = 1
    for extent in extents {
      guard extent >= 0 else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      count = product
    }
    return count
  }

  /// The extent of an axis; negative axes count from the end.
  public subscript(axis: Int) -> Int {
    get { extents[axis < 0 ? axis + rank : axis] }
    set { extents[axis < 0 ? axis + rank : axis] = newValue }
  }

  /// Elements between neighbours along each axis, in row-major order.
  package var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * extents[axis + 1]
    }
    return strides
  }

  /// The shape both operands are stretched to, or `nil` when they do not broadcast.
  public func broadcast(with other: Shape) -> Shape? {
    if self == other { return self }
    var result = [Int](repeating: 1, count: max(rank, other.rank))
    for fromEnd in 0..<result.count {
      let mine = fromEnd < rank ? extents[rank - 1 - fromEnd] : 1
      let its = fromEnd < other.rank ? other.extents[other.rank - 1 - fromEnd] : 1
      guard mine == its || mine == 1 || its == 1 else { return nil }
      result[result.count - 1 - fromEnd] = mine == 1 ? its : mine
    }
    return Shape(result)
  }
}

extension Shape: ExpressibleByArrayLiteral {
  public init(arrayLiteral extents: Int...) { self.extents = extents }
}

extension Shape: CustomStringConvertible {
  public var description: String {
    "[" + extents.map(String.init).joined(separator: ", ") + "]"
  }
}

extension Shape {
  /// No extent, stride, padding or count of anything may exceed this: sums and products of two
  /// such numbers stay inside `Int`.
  package static let largestExtent = 1 << 31 - 1
  /// No tensor may have more elements than this.
  package static let largestCount = 1 << 46
}
