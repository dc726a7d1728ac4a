import FoveaCommandKit
import Testing

@Suite struct ShareBarTests {
  @Test(arguments: [
    (0, "    ", "    "), (1, "████", "####"), (0.5, "██  ", "##  "), (0.53125, "██▏ ", "##  "),
    (0.21875, "▉   ", "#   "), (2, "████", "####"), (-1, "    ", "    "), (.nan, "    ", "    "),
  ])
  func aShareIsAsLongAsItIs(_ share: Double, _ unicode: String, _ ascii: String) {
    #expect(ShareBar.text(share, width: 4, isUnicode: true) == unicode)
    #expect(ShareBar.text(share, width: 4, isUnicode: false) == ascii)
  }
}
