/// Whole numbers as files keep them, the lowest byte first.
func little(_ value: UInt64, _ width: Int) -> [UInt8] {
  (0..<width).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
}

/// A safetensors file of this header and as many zeros.
func safetensors(_ header: String, zeros: Int = 0, length: UInt64? = nil) -> [UInt8] {
  let header = Array(header.utf8)
  return little(length ?? UInt64(header.count), 8) + header + [UInt8](repeating: 0, count: zeros)
}
