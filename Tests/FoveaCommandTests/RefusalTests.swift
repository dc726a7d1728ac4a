import Testing

@testable import FoveaCommandKit

/// What is printed for command lines that cannot be followed; the words are part of the contract.
@Suite struct RefusalTests {
  @Test(arguments: complaints)
  func isExplained(_ complaint: Complaint) {
    do {
      _ = try Sample.program.parse(complaint.line)
      Issue.record("accepted")
    } catch {
      #expect(error.description == complaint.text)
    }
  }

  @Test func theEnvironmentIsCheckedToo() {
    #expect(
      Sample.complaint("train", environment: ["SAMPLE_EPOCHS": "many"])
        == "error: SAMPLE_EPOCHS: 'many' is not a whole number from 1 to 100\nhint:  sample help train"
    )
    #expect(
      Sample.complaint("train", environment: ["SAMPLE_QUIET": "perhaps"])
        == "error: SAMPLE_QUIET: 'perhaps' is not yes or no")
  }

  @Test func hostileWordsAreShownHarmlessAndShort() {
    let complaint = Sample.complaint("\u{1B}]0;owned\u{7}" + String(repeating: "x", count: 100_000))
    #expect(complaint.hasPrefix("error: unknown command \\u{1b}]0;owned\\u{7}xx"))
    #expect(complaint.count < 400)
    #expect(!complaint.unicodeScalars.contains("\u{1B}"))
  }

  @Test func noCommandLineOfOddWordsTraps() {
    let words = [
      "train", "-", "--", "---", "-=", "--=", "--=x", "-e", "-e=", "--lr", "=", "", "é", "-é", "🦊",
      "-🦊", "--epochs=", "\0", "-qq", "--color", "NaN", "-0", "-1e999", "--help=1",
    ]
    var refused = 0
    for first in words {
      for second in words {
        for third in words {
          let line = ["train", first, second, third]
          if (try? Sample.program.parse(line)) == nil { refused += 1 }
        }
      }
    }
    #expect(refused > words.count * words.count)
  }
}
