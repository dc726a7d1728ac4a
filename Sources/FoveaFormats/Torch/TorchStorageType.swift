import FoveaTensor

/// Kinds of storages by PyTorch's names.
enum TorchStorageType: String, Hashable, Sendable, CaseIterable {
  case float32 = "FloatStorage"
  case float64 = "DoubleStorage"
  case float16 = "HalfStorage"
  case bfloat16 = "BFloat16Storage"
  case int64 = "LongStorage"
  case int32 = "IntStorage"
  case int16 = "ShortStorage"
  case int8 = "CharStorage"
  case uint8 = "ByteStorage"
  case bool = "BoolStorage"
  case complex64 = "ComplexFloatStorage"
  case complex128 = "ComplexDoubleStorage"
  case quint8 = "QUInt8Storage"
  case qint8 = "QInt8Storage"
  case qint32 = "QInt32Storage"

  /// Fovea's kind of number, if it has it.
  var elementType: ElementType? {
    switch self {
    case .float32: .float32
    case .float64: .float64
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .int64: .int64
    case .int32: .int32
    case .int8: .int8
    case .uint8: .uint8
    case .bool: .bool
    case .int16, .complex64, .complex128, .quint8, .qint8, .qint32: nil
    }
  }

  /// Bytes of one element.
  var size: Int {
    switch self {
    case .int8, .uint8, .bool, .quint8, .qint8: 1
    case .float16, .bfloat16, .int16: 2
    case .float32, .int32, .qint32: 4
    case .float64, .int64, .complex64: 8
    case .complex128: 16
    }
  }
}
