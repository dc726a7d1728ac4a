import FoveaFormats
import Testing

@Suite struct SafetensorsAttackTests {
  /// The description of a tensor in a header.
  private static func entry(
    _ name: String = "a", _ dtype: String = "F32", _ shape: String = "2", _ offsets: String = "0,8"
  ) -> String {
    #""\#(name)":{"dtype":"\#(dtype)","shape":[\#(shape)],"data_offsets":[\#(offsets)]}"#
  }

  private static func file(_ entries: String..., zeros: Int = 8) -> [UInt8] {
    safetensors("{\(entries.joined(separator: ","))}", zeros: zeros)
  }

  static let attacks: [Attack] = [
    Attack("nothing", [], ": byte 0: found an empty file, expected weights as safetensors"),
    Attack("three bytes", [1, 2, 3], "found a file of 3 bytes that begins with 01 02 03"),
    Attack(
      "a header beyond the limit", safetensors("{}", length: 100_000_001),
      ": byte 0: found a header of 100000001 bytes, expected at most 100000000"),
    Attack(
      "a header beyond 63 bits", safetensors("{}", length: .max),
      "found a header of 18446744073709551615 bytes"),
    Attack(
      "a header beyond the file", safetensors("{}", length: 3),
      "found a header of 3 bytes, expected at most the 2 that follow"),
    Attack(
      "not an object", safetensors("[]"), "found a file of 10 bytes that begins with 02 00"),
    Attack(
      "an open object", safetensors("{"), "byte 9: found the end of the header, expected “\"”"),
    Attack("no name", safetensors("{1:2}"), "byte 9: found “1”, expected “\"”"),
    Attack("no value", safetensors(#"{"a"}"#), "found “}”, expected “:”"),
    Attack("a number as value", safetensors(#"{"a":1}"#), "found “1”, expected “{”"),
    Attack("a comma at the end", safetensors(#"{"__metadata__":{},}"#), "found “}”, expected “\"”"),
    Attack("text behind", safetensors("{}x"), "found “x”, expected spaces up to the end"),
    Attack("a line behind", safetensors("{}\n"), "found byte 10, expected spaces"),
    Attack("a byte order mark", safetensors("{\u{FEFF}}"), "found byte 239, expected “\"”"),
    Attack(
      "bytes that are no text", little(6, 8) + [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x7D],
      "found text that is not UTF-8"),
    Attack(
      "overlong UTF-8", little(7, 8) + [0x7B, 0x22, 0xC0, 0xAF, 0x22, 0x3A, 0x7D],
      "found text that is not UTF-8"),
    Attack("a control character", safetensors("{\"a\u{1}\":1}"), "found the control character 1"),
    Attack("an open name", safetensors(#"{"a"#), "found the end of the header"),
    Attack("an unknown escape", safetensors(#"{"\x":1}"#), "found an unknown escape"),
    Attack("half an escape", safetensors(#"{"\u12":1}"#), "found an escape cut short"),
    Attack("half a pair", safetensors(#"{"\ud800":1}"#), "found half of a surrogate pair"),
    Attack("a wrong pair", safetensors(#"{"\ud800\u0041":1}"#), "found half of a surrogate pair"),
    Attack("a low half", safetensors(#"{"\udc00":1}"#), "found half of a surrogate pair"),
    Attack(
      "a name twice", file(entry(), entry("a", "F32", "2", "8,16"), zeros: 16),
      "found “a” for the second time, expected every name once"),
    Attack(
      "a name twice, once escaped", file(entry(), entry(#"\u0061"#, "F32", "2", "8,16"), zeros: 16),
      "found “a” for the second time"),
    Attack(
      "metadata twice", safetensors(#"{"__metadata__":{},"__metadata__":{}}"#),
      "found “__metadata__” for the second time"),
    Attack(
      "a key of metadata twice", safetensors(#"{"__metadata__":{"k":"1","k":"2"}}"#),
      "found “k” for the second time"),
    Attack(
      "metadata that is no text", safetensors(#"{"__metadata__":{"k":1}}"#),
      "found “1”, expected “\"”"),
    Attack(
      "nested metadata", safetensors(#"{"__metadata__":{"k":{}}}"#), "found “{”, expected “\"”"),
    Attack(
      "an unknown field", safetensors(#"{"a":{"dtype":"F32","more":1}}"#),
      "found “more” of “a”, expected “dtype”, “shape” and “data_offsets”"),
    Attack(
      "a field twice", safetensors(#"{"a":{"dtype":"F32","dtype":"F32"}}"#),
      "found “dtype” of “a” for the second time"),
    Attack(
      "no shape", safetensors(#"{"a":{"dtype":"F32","data_offsets":[0,0]}}"#),
      "“a”: found an incomplete description"),
    Attack("one offset", file(entry("a", "F32", "2", "8")), "found an incomplete description"),
    Attack("three offsets", file(entry("a", "F32", "2", "0,8,9")), "found more than 2 numbers"),
    Attack(
      "an unknown type", file(entry("a", "F8_E4M3")),
      "“a”: found numbers of type “F8_E4M3”, expected one of F32, F64, F16, BF16, I8"),
    Attack("a negative size", file(entry("a", "F32", "-2")), "expected a whole number of plain"),
    Attack("a fraction", file(entry("a", "F32", "2.0")), "expected a whole number of plain"),
    Attack("an exponent", file(entry("a", "F32", "2e0")), "expected a whole number of plain"),
    Attack("a leading zero", file(entry("a", "F32", "02")), "expected a whole number of plain"),
    Attack("a hexadecimal size", file(entry("a", "F32", "0x2")), "found “x”, expected “]”"),
    Attack("no number", file(entry("a", "F32", ",")), "found “,”, expected a whole number"),
    Attack(
      "a size beyond 64 bits", file(entry("a", "F32", "18446744073709551617")),
      "found a number beyond 64 bits"),
    Attack(
      "sizes whose product wraps to 4",
      file(entry("a", "F32", "4194305,4194305,211106198978564", "0,16"), zeros: 16),
      "“a”: found shape [4194305, 4194305, 211106198978564], expected sizes of at most 2147483647"),
    Attack(
      "sizes whose product wraps to 0",
      file(entry("a", "F32", "1073741824,1073741824,16", "0,0"), zeros: 0),
      "expected at most 70368744177664 elements"),
    Attack(
      "8.9 PiB of zeros claimed", file(entry("a", "U8", "2147483647,2147483647")),
      "“a”: found shape [2147483647, 2147483647]"),
    Attack(
      "more axes than allowed",
      file(entry("a", "F32", [String](repeating: "1", count: 65).joined(separator: ","))),
      "found more than 64 numbers"),
    Attack(
      "too few bytes", file(entry("a", "F32", "3")),
      "“a”: found 8 bytes for float32[3], expected 12"),
    Attack(
      "bytes of an empty tensor", file(entry("a", "F32", "0")),
      "“a”: found 8 bytes for shape [0], expected none"),
    Attack(
      "an end before the beginning", file(entry("a", "F32", "2", "8,0")),
      "“a”: found numbers from 8 to 0, expected an end behind the beginning"),
    Attack(
      "numbers beyond the file", file(entry("a", "F32", "4", "0,16")),
      "“a”: found numbers up to 16, expected at most the 8 bytes behind the header"),
    Attack(
      "an overlap", file(entry("a"), entry("b", "F32", "2", "4,12"), zeros: 12),
      "“b”: found numbers from 4, inside other ones, expected them from 8"),
    Attack(
      "the same numbers twice", file(entry("a"), entry("b")),
      "“b”: found numbers from 0, inside other ones"),
    Attack(
      "a hole", file(entry("a"), entry("b", "F32", "2", "12,20"), zeros: 20),
      "“b”: found numbers from 12, behind a hole, expected them from 8"),
    Attack(
      "a hole at the beginning", file(entry("a", "F32", "2", "4,12"), zeros: 12), "behind a hole"),
    Attack(
      "bytes at the end", file(entry(), zeros: 9),
      "found 1 bytes that belong to no tensor, expected the end of the file"),
    Attack(
      "flags of 2", safetensors("{\(entry("a", "BOOL", "1", "0,1"))}") + [2],
      "found 2 among the flags of “a”, expected 0 or 1"),
    Attack(
      "a name that steers the terminal", file(entry(#"\u001b]0;x"#, "F32", "3")),
      #"“\u{1b}]0;x”: found 8 bytes for float32[3]"#),
  ]

  @Test(arguments: attacks) func isRefused(_ attack: Attack) throws {
    #expect(try attack.failure() == nil)
  }

  @Test func tooManyTensorsAreRefused() throws {
    let entries = (0..<20).map { Self.entry("t\($0)", "U8", "1", "\($0),\($0 + 1)") }
    let bytes = safetensors("{\(entries.joined(separator: ","))}", zeros: 20)
    let attack = Attack("20 tensors", bytes, "found more than 19 tensors, expected at most 19")
    #expect(try attack.failure(ReadLimits(entries: 19)) == nil)
    let file = try TemporaryFile(bytes)
    #expect(try Weights.read(file.path, limits: ReadLimits(entries: 20)).tensors.count == 20)
  }

  /// Ten times as many tensors take about ten times as long, and not a hundred times.
  @Test func longHeadersTakeTimeByTheirLength() throws {
    func seconds(_ count: Int) throws -> Double {
      let entries = (0..<count).map { Self.entry("layer.\($0)", "U8", "1", "\($0),\($0 + 1)") }
      let file = try TemporaryFile(safetensors("{\(entries.joined(separator: ","))}", zeros: count))
      let times = try (0..<3).map { _ -> Duration in
        var found = 0
        let time = try ContinuousClock().measure {
          found = try Weights.read(file.path).tensors.count
        }
        #expect(found == count)
        return time
      }
      return times.min()! / .seconds(1)
    }
    #expect(try seconds(100_000) < 40 * seconds(10_000))
  }
}
