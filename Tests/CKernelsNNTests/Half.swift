/// bf16, rounded to nearest with ties to even.
enum Half {
  static func bits(_ x: Float) -> UInt16 {
    if x.isNaN { return UInt16(truncatingIfNeeded: x.bitPattern >> 16) | 0x40 }
    let bits = x.bitPattern
    return UInt16(truncatingIfNeeded: (bits + 0x7fff + ((bits >> 16) & 1)) >> 16)
  }

  static func value(_ bits: UInt16) -> Float {
    Float(bitPattern: UInt32(bits) << 16)
  }

  static func rounded(_ x: Float) -> Float {
    value(bits(x))
  }
}
