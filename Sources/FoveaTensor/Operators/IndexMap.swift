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

/// Where each element of a wide shape comes from in a narrow one.
package struct Broadcast {
  private let map: IndexMap

  package var strides: [Int] { map.strides }

  package init(_ narrow: Shape, to wide: Shape) {
    var strides = [Int](repeating: 0, count: wide.rank)
    let own = narrow.strides
    for axis in 0..<narrow.rank where narrow.extents[axis] != 1 {
      strides[wide.rank - narrow.rank + axis] = own[axis]
    }
    map = IndexMap(wide, strides: strides)
  }

  package func source(of index: Int) -> Int { map.source(of: index) }
}
