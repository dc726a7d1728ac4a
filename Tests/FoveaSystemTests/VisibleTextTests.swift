import Testing

@testable import FoveaSystem

@Suite struct VisibleTextTests {
  @Test func nothingSteersTheTerminal() {
    #expect(visible("a\u{1B}]0;x\u{7}\n\r\t\u{202E}ñ") == "a\\u{1b}]0;x\\u{7}\\n\\r\\t\\u{202e}ñ")
    #expect(visible("abcdef", limit: 3) == "abc…")
    #expect(visible("abc", limit: 3) == "abc")
    #expect(quoted("a\u{7F}b") == "“a\\u{7f}b”")
  }

  @Test func longListsAreCut() {
    #expect(listing(["a", "b"]) == "a, b")
    #expect(listing(["a", "b", "c", "d"], limit: 2) == "a, b, … and 2 more")
  }
}
