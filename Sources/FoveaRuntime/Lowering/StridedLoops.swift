import FoveaTensor

/// Plain loops over the elements of a shape and where each operand's element for it lies.
struct StridedLoops {
  let extents: [Int]
  /// By operand, in elements.
  let strides: [[Int]]

  init(_ extents: [Int], _ strides: [[Int]]) {
    (self.extents, self.strides) = PhysicalAxes.merged(extents.isEmpty ? [1] : extents, strides)
  }

  /// The loops over a row-major result whose operands broadcast; the result comes first.
  init(_ result: Shape, broadcasting operands: [Shape]) {
    let wide = result.rank == 0 ? Shape([1]) : result
    self.init(wide.extents, ([wide] + operands).map { Broadcast($0, to: wide).strides })
  }

  /// How many elements a row has.
  var rowLength: Int { extents[extents.count - 1] }

  /// How far apart neighbours of an operand are along a row.
  func rowStride(_ operand: Int) -> Int { strides[operand][extents.count - 1] }

  /// Calls `body` with where each operand's element at the beginning of a row lies, row by row.
  func forEachRow(_ body: ([Int]) throws -> Void) rethrows {
    var offsets = strides.map { _ in 0 }
    var place = extents.map { _ in 0 }
    while true {
      try body(offsets)
      var axis = extents.count - 2
      while axis >= 0 {
        place[axis] += 1
        for operand in offsets.indices { offsets[operand] += strides[operand][axis] }
        if place[axis] < extents[axis] { break }
        for operand in offsets.indices {
          offsets[operand] -= strides[operand][axis] * extents[axis]
        }
        place[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}
