import Testing

@testable import FoveaCommandKit

@Suite struct TerminalTests {
  private func facts(
    isTerminal: Bool = true, width: Int? = nil, color: TerminalFacts.ColorChoice = .auto,
    _ environment: [String: String] = [:]
  ) -> TerminalFacts {
    TerminalFacts(
      isTerminal: isTerminal, reportedWidth: width, color: color,
      environment: { environment[$0] })
  }

  @Test func coloursFollowTheConventions() {
    #expect(facts().usesColor)
    #expect(!facts(isTerminal: false).usesColor)
    #expect(!facts(["NO_COLOR": "1"]).usesColor)
    #expect(facts(["NO_COLOR": ""]).usesColor)
    #expect(!facts(["TERM": "dumb"]).usesColor)
    #expect(facts(isTerminal: false, ["CLICOLOR_FORCE": "1"]).usesColor)
    #expect(!facts(isTerminal: false, ["CLICOLOR_FORCE": "0"]).usesColor)
    #expect(facts(isTerminal: false, color: .always, ["NO_COLOR": "1"]).usesColor)
    #expect(!facts(color: .never, ["CLICOLOR_FORCE": "1"]).usesColor)
  }

  @Test func theWidthIsTheTerminalsElseColumnsElse80() {
    #expect(facts(width: 132, ["COLUMNS": "60"]).width == 132)
    #expect(facts(width: 0, ["COLUMNS": "60"]).width == 60)
    #expect(facts(["COLUMNS": "60"]).width == 60)
    #expect(facts(["COLUMNS": "-5"]).width == 80)
    #expect(facts(["COLUMNS": "99999999999999999999"]).width == 80)
    #expect(facts().width == 80)
  }

  @Test func theLocaleDecidesOverUnicode() {
    #expect(facts(["LANG": "de_DE.UTF-8"]).isUnicode)
    #expect(facts(["LC_ALL": "C.utf8", "LANG": "C"]).isUnicode)
    #expect(!facts(["LC_ALL": "C", "LANG": "de_DE.UTF-8"]).isUnicode)
    #expect(!facts().isUnicode)
  }

  @Test func namesFromOutsideCannotSteerTheTerminal() {
    #expect(visible("\u{1B}]0;x\u{7}") == "\\u{1b}]0;x\\u{7}")
    #expect(visible("a\nb\tc\r") == "a\\nb\\tc\\r")
    #expect(
      visible("\u{9B}31m\u{202E}cba\u{200B}\u{2028}") == "\\u{9b}31m\\u{202e}cba\\u{200b}\\u{2028}")
    #expect(visible("Größe 猫 🦊") == "Größe 猫 🦊")
    #expect(visible("abcdef", limit: 3) == "abc…")
    #expect(visible("abc", limit: 3) == "abc")
  }
}
