/// Where each element of a shape comes from, when every axis steps evenly.
package struct IndexMap {
  let extents: [Int]
  package let strides: [Int]
  let offset: Int

  /// - Parameters:
  ///   - shape: the shape whose elements ask.
  ///   - strides: how far apart their sources are along each of its axes.
  package init(_ shape: Shape, strides: [Int], offset: Int = 0) {
    extents = shape.extents
    self.strides = strides
    self.offset = offset
  }

  package func source(of index: Int) -> Int {
    var rest = index
    var source = offset
    for axis in extents.indices.reversed() {
      source += rest % extents[axis] * strides[axis]
      rest /= extents[axis]
    }
    return source
  }
}
