import FoveaSystem
import FoveaTensor

/// Reads safetensors: eight bytes of length, a header in JSON, then the numbers without holes.
///
/// It refuses what the reference implementation refuses, and beyond that what it does not know.
struct SafetensorsReader {
  /// The longest header the reference implementation reads.
  static let longestHeader = 100_000_000

  private let file: ByteRange
  private let limits: ReadLimits
  private var entries: [Entry] = []
  private var metadata: [String: String] = [:]

  /// One tensor as the header describes it.
  private struct Entry {
    let name: String
    let elementType: ElementType
    let extents: [Int]
    let bytes: Range<Int>
    /// Where in the header it is described.
    let position: Int
  }

  init(_ file: ByteRange, _ limits: ReadLimits) {
    self.file = file
    self.limits = limits
  }

  mutating func read() throws(FileError) -> Weights {
    let length = try headerLength()
    let header = try file.slice(length, at: 8, of: "the header")
    try scan(header)
    let data = try file.slice(
      file.count - 8 - length, at: 8 + length, of: "the numbers")
    try checkOrder(header, data)
    return try weights(header, data)
  }

  private func headerLength() throws(FileError) -> Int {
    let value = try file.number(8, at: 0, of: "the length of the header")
    guard let length = Int(exactly: value), length <= SafetensorsReader.longestHeader else {
      throw file.error(
        at: 0, found: "a header of \(value) bytes",
        expected: "at most \(SafetensorsReader.longestHeader)")
    }
    guard length <= file.count - 8 else {
      throw file.error(
        at: 0, found: "a header of \(length) bytes",
        expected: "at most the \(file.count - 8) that follow")
    }
    return length
  }

  private mutating func scan(_ header: ByteRange) throws(FileError) {
    var scanner = JSONScanner(header)
    var seen: Set<String> = []
    var entries: [Entry] = []
    var metadata: [String: String] = [:]
    let limits = limits
    try scanner.object { (scanner, name, position) throws(FileError) in
      guard seen.insert(name).inserted else {
        throw header.error(
          at: position, found: "\(quoted(name)) for the second time", expected: "every name once")
      }
      if name == "__metadata__" {
        metadata = try SafetensorsReader.metadata(&scanner)
        return
      }
      guard entries.count < limits.entries else {
        throw header.error(
          at: position, found: "more than \(limits.entries) tensors",
          expected: "at most \(limits.entries)")
      }
      entries.append(try SafetensorsReader.entry(&scanner, name, position, limits))
    }
    try scanner.end()
    self.entries = entries
    self.metadata = metadata
  }

  private static func metadata(
    _ scanner: inout JSONScanner
  ) throws(FileError) -> [String: String] {
    var metadata: [String: String] = [:]
    try scanner.object { (scanner, name, position) throws(FileError) in
      let text = try scanner.string()
      guard metadata.updateValue(text, forKey: name) == nil else {
        throw scanner.bytes.error(
          at: position, found: "\(quoted(name)) for the second time", expected: "every name once")
      }
    }
    return metadata
  }

  private static func entry(
    _ scanner: inout JSONScanner, _ name: String, _ start: Int, _ limits: ReadLimits
  ) throws(FileError) -> Entry {
    var dtype: String?
    var extents: [Int]?
    var offsets: [Int]?
    try scanner.object { (scanner, field, position) throws(FileError) in
      let isNew: Bool
      switch field {
      case "dtype":
        isNew = dtype == nil
        dtype = try scanner.string()
      case "shape":
        isNew = extents == nil
        extents = try scanner.numbers(limit: limits.rank)
      case "data_offsets":
        isNew = offsets == nil
        offsets = try scanner.numbers(limit: 2)
      default:
        throw scanner.bytes.error(
          at: position, found: "\(quoted(field)) of \(quoted(name))",
          expected: "“dtype”, “shape” and “data_offsets”")
      }
      guard isNew else {
        throw scanner.bytes.error(
          at: position, found: "\(quoted(field)) of \(quoted(name)) for the second time",
          expected: "it once")
      }
    }
    guard let dtype, let extents, let offsets, offsets.count == 2 else {
      throw scanner.bytes.error(
        in: quoted(name), found: "an incomplete description",
        expected: "“dtype”, “shape” and two “data_offsets”")
    }
    guard let elementType = SafetensorsType.type(named: dtype) else {
      throw scanner.bytes.error(
        in: quoted(name), found: "numbers of type \(quoted(dtype))",
        expected: "one of " + SafetensorsType.names.map(\.name).joined(separator: ", "))
    }
    guard offsets[0] <= offsets[1] else {
      throw scanner.bytes.error(
        in: quoted(name), found: "numbers from \(offsets[0]) to \(offsets[1])",
        expected: "an end behind the beginning")
    }
    return Entry(
      name: name, elementType: elementType, extents: extents, bytes: offsets[0]..<offsets[1],
      position: start)
  }

  /// The tensors must follow each other without overlaps and holes, up to the end of the file.
  private mutating func checkOrder(
    _ header: ByteRange, _ data: ByteRange
  ) throws(FileError) {
    entries.sort {
      ($0.bytes.lowerBound, $0.bytes.upperBound, $0.position)
        < ($1.bytes.lowerBound, $1.bytes.upperBound, $1.position)
    }
    var end = 0
    for entry in entries {
      guard entry.bytes.lowerBound == end else {
        throw header.error(
          in: quoted(entry.name),
          found: "numbers from \(entry.bytes.lowerBound)"
            + (entry.bytes.lowerBound < end ? ", inside other ones" : ", behind a hole"),
          expected: "them from \(end), where the ones before end")
      }
      end = entry.bytes.upperBound
      guard end <= data.count else {
        throw header.error(
          in: quoted(entry.name), found: "numbers up to \(end)",
          expected: "at most the \(data.count) bytes behind the header")
      }
    }
    guard end == data.count else {
      throw header.error(
        at: 8 + header.count + end - header.bounds.lowerBound,
        found: "\(data.count - end) bytes that belong to no tensor",
        expected: "the end of the file")
    }
  }

  private func weights(_ header: ByteRange, _ data: ByteRange) throws(FileError) -> Weights {
    var tensors: [String: Tensor] = [:]
    tensors.reserveCapacity(entries.count)
    var empty: [String] = []
    for entry in entries {
      switch CheckedType.check(entry.extents, entry.elementType, limits) {
      case .refused(let found, let expected):
        throw header.error(in: quoted(entry.name), found: found, expected: expected)
      case .empty where entry.bytes.isEmpty: empty.append(quoted(entry.name))
      case .empty:
        throw header.error(
          in: quoted(entry.name),
          found: "\(entry.bytes.count) bytes for shape \(Shape(entry.extents))", expected: "none")
      case .type(let type):
        guard type.byteCount == entry.bytes.count else {
          throw header.error(
            in: quoted(entry.name), found: "\(entry.bytes.count) bytes for \(type)",
            expected: "\(type.byteCount)")
        }
        let bytes = try data.slice(type.byteCount, at: entry.bytes.lowerBound, of: entry.name)
        try Flags.check(bytes, type, name: entry.name)
        tensors[entry.name] = Tensor(FileValue(type, bytes))
      }
    }
    let notes =
      empty.isEmpty ? [] : ["left out, for it has no elements: \(listing(empty.sorted()))"]
    return Weights(tensors, metadata: metadata, format: .safetensors, notes: notes)
  }
}
