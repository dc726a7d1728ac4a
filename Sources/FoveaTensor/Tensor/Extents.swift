/// One number per spatial axis, or one number for all of them: `3`, `[3, 5]`, `[1, 3, 3]`.
public struct Extents: Hashable, Sendable {
  private var values: SIMD4<Int>
  /// How many axes are named; 0 when one number stands for every axis.
  public private(set) var rank: Int

  /// The same number on every axis, however many there are.
  public init(_ value: Int) {
    values = SIMD4(repeating: value)
    rank = 0
  }

  /// One number per axis. More than four cannot be spoken of, and no operator takes more than three.
  public init(_ list: [Int], file: StaticString = #fileID, line: UInt = #line) {
    guard (1...4).contains(list.count) else {
      refuse(ShapeError("extents", "take 1 to 4 numbers, got \(list)"), file: file, line: line)
    }
    values = SIMD4(repeating: 0)
    rank = list.count
    for (axis, value) in list.enumerated() { values[axis] = value }
  }

  public subscript(axis: Int) -> Int {
    get { values[axis] }
    set { values[axis] = newValue }
  }

  /// The numbers, one per named axis.
  public var list: [Int] { (0..<max(rank, 1)).map { values[$0] } }

  /// The numbers for `rank` axes; `nil` when another count of axes was named.
  package func spread(over rank: Int) -> Extents? {
    if self.rank == rank { return self }
    guard self.rank == 0, (1...4).contains(rank) else { return nil }
    return Extents([Int](repeating: values[0], count: rank))
  }
}

extension Extents: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int) { self.init(value) }
}

extension Extents: ExpressibleByArrayLiteral {
  public init(arrayLiteral list: Int...) { self.init(list) }
}

extension Extents: CustomStringConvertible {
  public var description: String { rank == 0 ? "\(values[0])" : "\(list)" }
}
