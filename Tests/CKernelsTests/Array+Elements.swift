import CKernels

extension Array where Element == Int64 {
  /// The first elements of a C array, which Swift sees as a tuple.
  func fill<Tuple>(_ tuple: inout Tuple) {
    Swift.withUnsafeMutableBytes(of: &tuple) { bytes in
      let slots = bytes.bindMemory(to: Int64.self)
      for (k, value) in enumerated() {
        slots[k] = value
      }
    }
  }
}

/// The coordinates of every element, the last axis fastest.
func positions(_ extents: [Int]) -> [[Int]] {
  extents.reduce([[]]) { known, extent in
    known.flatMap { prefix in (0..<extent).map { prefix + [$0] } }
  }
}

func dot(_ x: [Int], _ y: [Int]) -> Int {
  zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
}

/// Strides of a contiguous array.
func contiguous(_ extents: [Int]) -> [Int] {
  extents.indices.map { extents[($0 + 1)...].reduce(1, *) }
}

/// Bytes that hold `count` elements of a type, from doubles.
func packed(_ values: [Double], _ type: fk_type) -> [UInt8] {
  let size = Int(fk_type_size(type))
  var bytes = [UInt8](repeating: 0, count: values.count * size)
  bytes.withUnsafeMutableBytes { to in
    _ = fk_convert(to.baseAddress, type, values, FK_F64, Int64(values.count))
  }
  return bytes
}

/// The elements as doubles.
func unpacked(_ bytes: [UInt8], _ type: fk_type) -> [Double] {
  let count = bytes.count / Int(fk_type_size(type))
  var values = [Double](repeating: 0, count: count)
  _ = fk_convert(&values, FK_F64, bytes, type, Int64(count))
  return values
}
