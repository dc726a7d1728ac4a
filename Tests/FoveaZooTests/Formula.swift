import FoveaTensor

/// The numbers of `Scripts/goldens.d/support/formula.py`, bit for bit.
enum Formula {
  /// The 32-bit FNV-1a hash of a name.
  static func hash(_ name: String) -> UInt32 {
    name.utf8.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
  }

  static func word(_ hash: UInt32, _ index: Int) -> UInt32 {
    var word = UInt32(truncatingIfNeeded: index) &* 0x9E37_79B1 &+ hash
    word = (word ^ word >> 16) &* 0x85EB_CA6B
    word = (word ^ word >> 13) &* 0xC2B2_AE35
    return word ^ word >> 16
  }

  /// From −1 up to 1.
  @inline(__always)
  static func even(_ hash: UInt32, _ index: Int) -> Float {
    Float(Int32(bitPattern: word(hash, index) >> 8)) * 0x1p-23 - 1
  }

  static func even(_ name: String, _ count: Int) -> [Float] {
    let hash = hash(name)
    return (0..<count).map { even(hash, $0) }
  }

  /// What a parameter of that name and type holds.
  ///
  /// - Parameters:
  ///   - gain: weights have variance `gain / 3 fan-in`.
  ///   - threshold: above which number a normalisation shifts up; `nil` where none shifts.
  static func value(
    _ name: String, _ type: TensorType, gain: Double, threshold: Float?
  ) -> PlainValue {
    guard type.elementType == .float32 else {
      return PlainValue(type, [Double](repeating: 0, count: type.shape.count))
    }
    let hash = hash(name)
    return PlainValue(type) { bytes in
      let numbers = bytes.bindMemory(to: Float.self)
      if name.hasSuffix("codes") {
        for index in numbers.indices { numbers[index] = even(hash, index) < 0 ? -1 : 1 }
      } else if type.rank > 1 {
        let reach = Float((gain / Double(type.shape.count / type.shape[0])).squareRoot())
        for index in numbers.indices { numbers[index] = even(hash, index) * reach }
      } else if let threshold {
        for index in numbers.indices {
          let number = even(hash, index)
          numbers[index] = (number >= threshold ? 2.5 : -2.5) + number * 0.25
        }
      } else {
        let (middle, reach): (Float, Float) =
          name.hasSuffix("running_var")
          ? (1, 0.5) : name.hasSuffix("weight") ? (1, 0.25) : (0, 0.125)
        for index in numbers.indices { numbers[index] = even(hash, index) * reach + middle }
      }
    }
  }
}
