import FoveaSystem
import FoveaTensor

/// Bytes that stand for yes and no.
enum Flags {
  /// Refuses bytes other than 0 and 1 where the type is bool.
  static func check(
    _ bytes: ByteRange, _ type: TensorType, name: String
  ) throws(FileError) {
    guard type.elementType == .bool else { return }
    for position in 0..<bytes.count where bytes[position] > 1 {
      throw bytes.error(
        at: position, found: "\(bytes[position]) among the flags of \(quoted(name))",
        expected: "0 or 1")
    }
  }
}
