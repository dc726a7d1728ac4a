import FoveaCommandKit
import Testing

@Suite struct TextTableTests {
  private static func facts(_ locale: String) -> TerminalFacts {
    TerminalFacts(isTerminal: false, reportedWidth: 80) { $0 == "LANG" ? locale : nil }
  }

  @Test func columnsAreAsWideAsTheirLongestText() {
    var table = TextTable([.words("name"), .numbers("count"), .words("of")])
    table.append(["a×b", "1", "x"])
    table.append(["longer", "1,000,000", ""])
    #expect(
      table.text(Self.facts("C.UTF-8"))
        == "name        count  of\na×b             1  x\nlonger  1,000,000\n")
    #expect(table.text(Self.facts("C")).contains("axb             1  x\n"))
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1.00 k"), (9_994, "9.99 k"), (9_996, "10.0 k"),
    (99_960, "100 k"), (999_499, "999 k"), (999_500, "1.00 M"), (4_089_184_256, "4.09 G"),
    (15_470_264_320, "15.5 G"), (-1500, "-1.50 k"),
  ])
  func largeNumbersHaveThreeDigits(_ count: Int, _ text: String) {
    #expect(NumberText.large(count) == text)
  }
}
