import Testing

@testable import FoveaSystem

@Suite struct ControlGroupTests {
  private static func available(
    _ limit: String?, _ used: String?, _ statistics: String? = nil
  ) -> Int? {
    ControlGroup.available(
      limit: limit, used: used, statistics: statistics, unusedFiles: "inactive_file ")
  }

  @Test func whatIsLeftOfALimit() {
    #expect(Self.available("1000\n", "300\n") == 700)
    #expect(Self.available("1000\n", "1300\n") == 0)
    #expect(Self.available("1000\n", "300\n", "anon 5\ninactive_file 100\nfile 7\n") == 800)
    // More than is used cannot come back.
    #expect(Self.available("1000\n", "300\n", "inactive_file 900\n") == 1000)
  }

  @Test func withoutALimitThereIsNothingToSay() {
    #expect(Self.available("max\n", "300\n") == nil)
    #expect(Self.available(nil, "300\n") == nil)
    #expect(Self.available("1000\n", nil) == nil)
    #expect(Self.available("-1\n", "300\n") == nil)
    #expect(Self.available("99999999999999999999\n", "300\n") == nil)
  }
}
