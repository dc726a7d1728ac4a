/// Pointers to several arrays at once.
func withPointers<R>(
  _ arrays: [[Float]], _ pointers: [UnsafePointer<Float>] = [],
  _ body: ([UnsafePointer<Float>]) -> R
) -> R {
  guard let first = arrays.first else { return body(pointers) }
  return first.withUnsafeBufferPointer { buffer in
    withPointers(Array(arrays.dropFirst()), pointers + [buffer.baseAddress!], body)
  }
}

/// Pointers to several arrays at once, to be written.
func withMutablePointers(
  _ arrays: inout [[Float]], _ body: ([UnsafeMutablePointer<Float>]) -> Void
) {
  let pointers = arrays.map { array in
    let pointer = UnsafeMutablePointer<Float>.allocate(capacity: max(1, array.count))
    pointer.initialize(from: array, count: array.count)
    return pointer
  }
  body(pointers)
  for (i, pointer) in pointers.enumerated() {
    arrays[i] = Array(UnsafeBufferPointer(start: pointer, count: arrays[i].count))
    pointer.deallocate()
  }
}
