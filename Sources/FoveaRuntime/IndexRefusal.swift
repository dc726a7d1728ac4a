/// An index that points outside of what it indexes, found when a plan runs.
public struct IndexRefusal: Error, Equatable, CustomStringConvertible {
  /// The operator that was to use it.
  public let operation: String
  /// Where the index stands among the indices.
  public let position: [Int]
  public let index: Int
  /// The axis it points into, and how many elements that has.
  public let axis: Int
  public let extent: Int

  public var description: String {
    "\(operation): index \(index) at \(position) lies outside axis \(axis), whose \(extent) "
      + "elements are 0 to \(extent - 1)"
  }
}
