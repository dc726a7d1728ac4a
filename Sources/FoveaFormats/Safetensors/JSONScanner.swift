/// Reads the little JSON that a safetensors header may hold, and refuses everything else.
struct JSONScanner {
  let bytes: ByteRange
  private(set) var position = 0

  init(_ bytes: ByteRange) { self.bytes = bytes }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  /// What stands at the present place, in words.
  private var found: String {
    guard let byte = next else { return "the end of the header" }
    return (0x21...0x7E).contains(byte)
      ? "“\(Character(Unicode.Scalar(byte)))”" : "byte \(byte)"
  }

  mutating func expect(_ character: Unicode.Scalar) throws(FileError) {
    skipSpace()
    guard let byte = next, byte == UInt8(ascii: character) else {
      throw bytes.error(at: position, found: found, expected: "“\(character)”")
    }
    position += 1
  }

  /// Skips a character if it is the next one.
  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard let byte = next, byte == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// The fields of an object; `field` reads the value behind each name.
  mutating func object(
    _ field: (inout JSONScanner, _ name: String, _ position: Int) throws(FileError) -> Void
  ) throws(FileError) {
    try expect("{")
    if skip("}") { return }
    repeat {
      skipSpace()
      let start = position
      let name = try string()
      try expect(":")
      try field(&self, name, start)
    } while skip(",")
    try expect("}")
  }

  /// A list of whole numbers, at most `limit` of them.
  mutating func numbers(limit: Int) throws(FileError) -> [Int] {
    try expect("[")
    if skip("]") { return [] }
    var numbers: [Int] = []
    repeat {
      guard numbers.count < limit else {
        throw bytes.error(
          at: position, found: "more than \(limit) numbers", expected: "at most \(limit)")
      }
      numbers.append(try number())
    } while skip(",")
    try expect("]")
    return numbers
  }

  /// A whole number without sign, fraction, exponent or leading zeros.
  private mutating func number() throws(FileError) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while let byte = next, (0x30...0x39).contains(byte) {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflow2) = product.addingReportingOverflow(Int(byte - 0x30))
      guard !overflow, !overflow2 else {
        throw bytes.error(
          at: start, found: "a number beyond 64 bits", expected: "at most \(Int.max)")
      }
      value = sum
      position += 1
    }
    let digits = position - start
    let isPlain: Bool =
      switch next {
      case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): false
      default: digits > 0 && (digits == 1 || bytes[start] != 0x30)
      }
    guard isPlain else {
      throw bytes.error(
        at: start, found: digits == 0 ? found : "a number written otherwise",
        expected: "a whole number of plain digits")
    }
    return value
  }

  mutating func string() throws(FileError) -> String {
    skipSpace()
    let start = position
    try expect("\"")
    var text: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else {
        throw bytes.error(
          at: position, found: "the control character \(byte)",
          expected: "control characters to be escaped")
      }
      position += 1
      if byte == UInt8(ascii: "\\") {
        try escape(into: &text)
      } else {
        text.append(byte)
      }
    }
    try expect("\"")
    guard let result = String(validating: text, as: UTF8.self) else {
      throw bytes.error(at: start, found: "text that is not UTF-8", expected: "text in UTF-8")
    }
    return result
  }

  private mutating func escape(into text: inout [UInt8]) throws(FileError) {
    let start = position - 1
    let letter = next
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter ?? 0)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var code = try unit(start)
      if (0xD800..<0xDC00).contains(code), next == UInt8(ascii: "\\") {
        position += 1
        guard next == UInt8(ascii: "u") else { throw half(start) }
        position += 1
        let low = try unit(start)
        guard (0xDC00..<0xE000).contains(low) else { throw half(start) }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw half(start) }
      text += Array(String(Character(scalar)).utf8)
    default:
      throw bytes.error(
        at: start, found: "an unknown escape",
        expected: "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u")
    }
  }

  private func half(_ position: Int) -> FileError {
    bytes.error(
      at: position, found: "half of a surrogate pair", expected: "both halves or a character")
  }

  /// Four hexadecimal digits.
  private mutating func unit(_ start: Int) throws(FileError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next,
        let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80
      else {
        throw bytes.error(
          at: start, found: "an escape cut short", expected: "four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  /// Only spaces may follow the object.
  mutating func end() throws(FileError) {
    while next == 0x20 { position += 1 }
    guard position == bytes.count else {
      throw bytes.error(
        at: position, found: found, expected: "spaces up to the end of the header")
    }
  }
}
