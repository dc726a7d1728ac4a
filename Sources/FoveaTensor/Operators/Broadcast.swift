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
