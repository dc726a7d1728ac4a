import CKernels
import Testing

extension KernelTests {
  @Suite struct ConversionTests {
    static let values: [Double] = [
      0, -0.0, 1, -1, 0.5, -0.5, 0.999, -0.999, 1.5, 2.5, 127, 127.9, 128, -128, -128.9, -129, 255,
      255.5, 256, 1e4, 65_504, 65_519.9, 65_520, -65_520, 1e5, 2_147_483_520, 2_147_483_647,
      2_147_483_648, -2_147_483_648, -2_147_483_904, 1e10, 9.2e18, 9.3e18, -9.3e18, 1e-3, 6e-5,
      6.1e-5, 5.96e-8, 2.98e-8, 2.99e-8, 1e-8, 1e-40, 3.39e38, 1.0009765625, 1.00146484375,
      1.00390625, 1.01171875, .infinity, -.infinity, .nan,
    ]

    static func saturated<Integer: FixedWidthInteger>(_ x: Double, _: Integer.Type) -> Double {
      if x.isNaN { return 0 }
      if x <= Double(Integer.min) { return Double(Integer.min) }
      if x >= Double(Integer.max) { return Double(Integer.max) }
      return x.rounded(.towardZero) + 0
    }

    /// To a format with `bits` of mantissa and smallest exponent `low`, half to even.
    static func rounded(_ x: Double, bits: Int, low: Int, largest: Double) -> Double {
      if !x.isFinite || x == 0 { return x }
      let exponent = max(Int(x.exponent), low)
      let step = Double(sign: .plus, exponent: exponent - bits, significand: 1)
      let y = (x / step).rounded(.toNearestOrEven) * step
      return abs(y) > largest ? (x > 0 ? .infinity : -.infinity) : y
    }

    static func wanted(_ x: Double, _ type: fk_type) -> Double {
      switch type {
      case FK_F32: Double(Float(x))
      case FK_BF16: rounded(x, bits: 7, low: -126, largest: 0x1.fep127)
      case FK_F16: rounded(x, bits: 10, low: -14, largest: 65_504)
      case FK_S8: saturated(x, Int8.self)
      case FK_U8: saturated(x, UInt8.self)
      case FK_S32: saturated(x, Int32.self)
      case FK_S64: saturated(x, Int64.self)
      case FK_BOOL: x == 0 ? 0 : 1
      default: x
      }
    }

    static func convert(_ bytes: [UInt8], _ from: fk_type, _ to: fk_type) -> [UInt8] {
      let count = bytes.count / Int(fk_type_size(from))
      var result = [UInt8](repeating: 0, count: count * Int(fk_type_size(to)))
      #expect(fk_convert(&result, to, bytes, from, Int64(count)) == FK_OK)
      return result
    }

    static func bytes<Element>(_ values: [Element]) -> [UInt8] {
      values.withUnsafeBytes { Array($0) }
    }

    @Test(arguments: allTypes.map(\.rawValue))
    func fromDoubleAndFloat(type: UInt32) {
      let type = fk_type(type)
      var random = RandomSource(6)
      let values =
        Self.values
        + (0..<3000).map { _ in
          Double(sign: .minus, exponent: random.int(-30...40), significand: 1)
            * Double.random(in: -1...1, using: &random)
        }
      forEachVariant { variant in
        let fromDouble = unpacked(Self.convert(Self.bytes(values), FK_F64, type), type)
        let floats = values.map { Float($0) }
        let fromFloat = unpacked(Self.convert(Self.bytes(floats), FK_F32, type), type)
        for k in values.indices {
          let a = Self.wanted(values[k], type)
          #expect(fromDouble[k] == a || (fromDouble[k].isNaN && a.isNaN), "\(values[k])")
          let b = Self.wanted(Double(floats[k]), type)
          #expect(
            fromFloat[k] == b || (fromFloat[k].isNaN && b.isNaN),
            "\(floats[k]), variant \(variant.rawValue)")
        }
      }
    }

    /// All 65,536 of each, to float and back; NaNs may become quiet.
    @Test(arguments: [FK_BF16, FK_F16].map(\.rawValue))
    func halvesGoThereAndBack(type: UInt32) {
      let type = fk_type(type)
      let halves = (0...UInt16.max).map { $0 }
      forEachVariant { _ in
        let floats = Self.convert(Self.bytes(halves), type, FK_F32)
        let back = Self.convert(floats, FK_F32, type)
        let values = floats.floats
        back.withUnsafeBytes { back in
          for k in halves.indices {
            let half = back.loadUnaligned(fromByteOffset: 2 * k, as: UInt16.self)
            if values[k].isNaN {
              #expect(half & 0x7fff > (type == FK_F16 ? 0x7c00 : 0x7f80))
            } else {
              #expect(half == halves[k])
              let mantissa = type == FK_F16 ? 10 : 7
              let bias = type == FK_F16 ? 15 : 127
              let exponent = Int(halves[k] & 0x7fff) >> mantissa
              let fraction = Double(Int(halves[k]) & (1 << mantissa - 1))
              let one = Double(1 << mantissa)
              let magnitude =
                exponent == 0
                ? Double(sign: .plus, exponent: 1 - bias, significand: fraction / one)
                : Double(sign: .plus, exponent: exponent - bias, significand: 1 + fraction / one)
              if values[k].isFinite { #expect(abs(Double(values[k])) == magnitude) }
            }
          }
        }
      }
    }

    @Test func integersStayExact() {
      let longs: [Int64] = [0, 1, -1, 127, 128, 255, 256, -129, 16_777_217, .max, .min, 1 << 40]
      let bytes = Self.bytes(longs)
      func values<T: FixedWidthInteger>(_ type: fk_type, _: T.Type) -> [T] {
        Self.convert(bytes, FK_S64, type).withUnsafeBytes { raw in
          (0..<longs.count).map {
            raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<T>.size, as: T.self)
          }
        }
      }
      #expect(values(FK_S8, Int8.self) == longs.map { Int8(clamping: $0) })
      #expect(values(FK_U8, UInt8.self) == longs.map { UInt8(clamping: $0) })
      #expect(values(FK_S32, Int32.self) == longs.map { Int32(clamping: $0) })
      #expect(values(FK_S64, Int64.self) == longs)
      #expect(Self.convert(bytes, FK_S64, FK_BOOL) == longs.map { $0 == 0 ? 0 : 1 })
      #expect(Self.convert(bytes, FK_S64, FK_F32).floats == longs.map { Float($0) })
    }
  }
}
