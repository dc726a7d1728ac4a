import FoveaSystem
import FoveaTensor

/// Writes safetensors in the order of the reference implementation: wide numbers first, so that all of
/// them are aligned, and names in order.
enum SafetensorsWriter {
  static func write(_ weights: Weights, to path: String) throws(FileError) {
    var values: [(name: String, value: any StoredValue)] = []
    for (name, tensor) in weights.tensors {
      guard let value = tensor.value else {
        throw FileError(
          .uncreatable, path: path, place: quoted(name), found: "a tensor that is not yet computed",
          expected: "numbers", hint: "compute it first: detached(), or computeState() of a model")
      }
      guard name != "__metadata__" else {
        throw FileError(
          .uncreatable, path: path, place: quoted(name), found: "a tensor of this name",
          expected: "another name, for this one means something else in a file")
      }
      values.append((name, value))
    }
    values.sort { first, second in
      let sizes = (first.value.type.elementType.size, second.value.type.elementType.size)
      return sizes.0 == sizes.1 ? isOrdered(first.name, second.name) : sizes.0 > sizes.1
    }
    let header = header(values.map { ($0.name, $0.value.type) }, weights.metadata)
    guard header.count <= SafetensorsReader.longestHeader else {
      throw FileError(
        .uncreatable, path: path, found: "a header of \(header.count) bytes",
        expected: "at most \(SafetensorsReader.longestHeader): fewer tensors or shorter names")
    }
    var file = try AtomicFile(path)
    do {
      var length: [UInt8] = []
      for shift in stride(from: 0, to: 64, by: 8) {
        length.append(UInt8(truncatingIfNeeded: header.count >> shift))
      }
      try file.write(length)
      try file.write(header)
      for (_, value) in values { try file.write(value) }
      try file.finish()
    } catch {
      file.abandon()
      throw error
    }
  }

  /// Byte order, which does not depend on a language.
  private static func isOrdered(_ first: String, _ second: String) -> Bool {
    first.utf8.lexicographicallyPrecedes(second.utf8)
  }

  /// The header, padded so that the numbers begin where vector code likes them.
  private static func header(
    _ tensors: [(name: String, type: TensorType)], _ metadata: [String: String]
  ) -> [UInt8] {
    var fields: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { isOrdered($0.key, $1.key) }
        .map { "\(json($0.key)):\(json($0.value))" }
      fields.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var start = 0
    for (name, type) in tensors {
      let end = start + type.byteCount
      let extents = type.shape.extents.map(String.init).joined(separator: ",")
      fields.append(
        "\(json(name)):{\"dtype\":\"\(SafetensorsType.name(of: type.elementType))\","
          + "\"shape\":[\(extents)],\"data_offsets\":[\(start),\(end)]}")
      start = end
    }
    var bytes = Array("{\(fields.joined(separator: ","))}".utf8)
    while (bytes.count + 8) % 64 != 0 { bytes.append(0x20) }
    return bytes
  }

  private static func json(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
