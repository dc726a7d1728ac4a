import Testing

@testable import FoveaCommandKit

@Suite struct JSONTests {
  @Test func fieldsKeepTheirOrder() {
    let value: JSONValue = ["z": 1, "a": [true, nil, 0.5], "m": ["x": "y"], "e": [], "o": [:]]
    #expect(value.line == #"{"z":1,"a":[true,null,0.5],"m":{"x":"y"},"e":[],"o":{}}"#)
  }

  @Test(arguments: [
    (0.0, "0"), (-0.0, "-0"), (1.0, "1"), (-2.5, "-2.5"), (0.1, "0.1"), (1e-7, "1e-07"),
    (1e300, "1e+300"), (.leastNonzeroMagnitude, "5e-324"), (123_456_789.25, "123456789.25"),
  ])
  func numbersReadBackTheSame(_ value: Double, _ text: String) {
    #expect(JSONValue.number(value).line == text)
    #expect(Double(text) == value)
  }

  @Test func numbersThatJSONLacksAreNamed() {
    let value: JSONValue = [
      "loss": .number(.nan), "best": 0.5, "rates": [1.5, .number(-.infinity)],
      "inner": ["norm": .number(.infinity)],
    ]
    #expect(
      value.line
        == #"{"loss":null,"best":0.5,"rates":[1.5,null],"#
        + #""inner":{"norm":null,"nonfinite":{"norm":"inf"}},"#
        + #""nonfinite":{"loss":"nan","rates[1]":"-inf"}}"#)
  }

  @Test func stringsAreEscaped() {
    #expect(
      JSONValue.string("a\"b\\c\n\r\t\u{0}\u{1B}\u{7F}\u{9B}é🦊/").line
        == #""a\"b\\c\n\r\t\u0000\u001b\u007f\u009bé🦊/""#)
  }
}
