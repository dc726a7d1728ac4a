import FoveaCommandKit
import Testing

@Suite struct NumberTextTests {
  @Test(arguments: [
    (3.14159, 3, "3.142"), (0.05, 1, "0.1"), (2, 2, "2.00"), (-1.25, 1, "-1.3"), (99.995, 0, "100"),
    (0.00049, 3, "0.000"), (-0.00049, 3, "0.000"), (999_999.9999995, 6, "1000000.000000"),
    (1e12, 2, "1000000000000.0"), (.infinity, 2, "inf"), (.nan, 2, "nan"), (1.5, -3, "2"),
    (0.1, 100, "0.100000"),
  ])
  func aFixedNumberOfDigits(_ value: Double, _ digits: Int, _ text: String) {
    #expect(NumberText.fixed(value, digits) == text)
  }

  @Test func sharesArePercentages() {
    #expect(NumberText.percent(0.9725) == "97.25 %")
    #expect(NumberText.percent(1, 0) == "100 %")
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (61_706, "61,706"), (-1_234_567, "-1,234,567"),
    (Int.min, "-9,223,372,036,854,775,808"),
  ])
  func thousandsAreGrouped(_ value: Int, _ text: String) {
    #expect(NumberText.grouped(value) == text)
  }

  @Test(arguments: [
    (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (1 << 20, "1.0 MiB"),
    (1 << 20 - 1, "1.0 MiB"), (25_232_932_864, "23.5 GiB"), (Int.max, "8388608.0 TiB"),
    (-2048, "-2.0 KiB"),
  ])
  func memoryHasAUnit(_ count: Int, _ text: String) {
    #expect(NumberText.bytes(count) == text)
  }
}
