import FoveaTensor

/// The names that safetensors has for kinds of numbers.
enum SafetensorsType {
  static let names: [(name: String, type: ElementType)] = [
    ("F32", .float32), ("F64", .float64), ("F16", .float16), ("BF16", .bfloat16), ("I8", .int8),
    ("U8", .uint8), ("I32", .int32), ("I64", .int64), ("BOOL", .bool),
  ]

  static func type(named name: String) -> ElementType? {
    names.first { $0.name == name }?.type
  }

  static func name(of type: ElementType) -> String {
    switch type {
    case .float32: "F32"
    case .float64: "F64"
    case .float16: "F16"
    case .bfloat16: "BF16"
    case .int8: "I8"
    case .uint8: "U8"
    case .int32: "I32"
    case .int64: "I64"
    case .bool: "BOOL"
    }
  }
}
