import Testing

@testable import FoveaCommandKit

@Suite struct ParserTests {
  @Test func defaultsHoldWhenNothingIsSaid() throws {
    let invocation = try Sample.invocation("train")
    #expect(invocation[Sample.epochs] == 5)
    #expect(invocation[Sample.rate] == nil)
    #expect(invocation[Sample.optimizer] == "adam")
    #expect(invocation[Sample.quiet] == false)
    #expect(invocation[Sample.data] == ["digits"])
    #expect(invocation.origin(of: Sample.epochs) == .standard)
  }

  @Test(arguments: [
    ["train", "--epochs", "7", "--lr", "0.25"], ["train", "--epochs=7", "--lr=0.25"],
    ["train", "-e", "7", "--lr", "2.5e-1"], ["train", "-e7", "--lr=.25"],
    ["train", "-e=7", "--lr=0.25"], ["train", "--epochs", "3", "--lr=0.25", "--epochs", "7"],
  ])
  func everySpellingOfAValueIsRead(_ line: [String]) throws {
    guard case .run(let invocation) = try Sample.program.parse(line) else {
      Issue.record("not an invocation")
      return
    }
    #expect(invocation[Sample.epochs] == 7)
    #expect(invocation[Sample.rate] == 0.25)
    #expect(invocation.origin(of: Sample.epochs) == .option)
  }

  @Test func flagsMayBeGrouped() throws {
    let invocation = try Sample.invocation("train", "-qje3", "flowers")
    #expect(invocation[Sample.quiet])
    #expect(invocation[Sample.json])
    #expect(invocation[Sample.epochs] == 3)
    #expect(invocation[Sample.data] == ["flowers"])
  }

  @Test func negativeNumbersAreValues() throws {
    #expect(try Sample.invocation("train", "--shift", "-3")[Sample.shift] == -3)
  }

  @Test func twoDashesEndTheOptions() throws {
    let invocation = try Sample.invocation("bench", "--", "--odd", "-x", "--help")
    #expect(invocation[Sample.subject] == ["--odd"])
    #expect(invocation[Sample.files] == ["-x", "--help"])
  }

  @Test func optionsAndArgumentsMayBeMixed() throws {
    let invocation = try Sample.invocation("bench", "operators", "--color", "never", "a", "-")
    #expect(invocation[Sample.subject] == ["operators"])
    #expect(invocation[Sample.files] == ["a", "-"])
    #expect(invocation[Program.color] == "never")
  }

  @Test(arguments: [
    ("1", 1), ("512", 512), ("4k", 4096), ("512M", 512 << 20), ("8GiB", 8 << 30),
    ("1.5G", 3 << 29), ("2TB", 2 << 40),
  ])
  func bytesHaveUnits(_ text: String, _ bytes: Int) throws {
    #expect(try Sample.invocation("train", "--memory-limit", text)[Sample.limit] == bytes)
  }

  @Test(arguments: ["0", "-1", "G", "1.2.3", "8X", "99999999999T", "1e3", "", " 1", "inf", "nan"])
  func strangeBytesAreRefused(_ text: String) {
    #expect(
      Sample.complaint("train", "--memory-limit=\(text)") == """
        error: --memory-limit: '\(text)' is not a number of bytes such as 512M or 8G
        hint:  sample help train
        """)
  }

  @Test func theEnvironmentStandsBetweenDefaultAndOption() throws {
    let environment = ["SAMPLE_EPOCHS": "9", "SAMPLE_QUIET": "yes"]
    let invocation = try Sample.invocation("train", environment: environment)
    #expect(invocation[Sample.epochs] == 9)
    #expect(invocation[Sample.quiet])
    #expect(invocation.origin(of: Sample.epochs) == .environment)
    let both = try Sample.invocation("train", "-e2", environment: environment)
    #expect(both[Sample.epochs] == 2)
    let off = try Sample.invocation("train", environment: ["SAMPLE_QUIET": "0"])
    #expect(off[Sample.quiet] == false)
    let empty = try Sample.invocation("train", environment: ["SAMPLE_EPOCHS": ""])
    #expect(empty[Sample.epochs] == 5)
  }

  @Test func helpAndVersionComeFirst() throws {
    for line in [[], ["-h"], ["--help"]] {
      guard case .help(nil) = try Sample.program.parse(line) else {
        Issue.record("\(line) is not a question for help")
        continue
      }
    }
    for line in [["train", "--help"], ["train", "--epochs", "no", "-h"]] {
      guard case .help(let command?) = try Sample.program.parse(line) else {
        Issue.record("\(line) is not a question for help")
        continue
      }
      #expect(command.name == "train")
    }
    for line in [["-V"], ["--version"]] {
      guard case .version = try Sample.program.parse(line) else {
        Issue.record("\(line) is not a question for the version")
        continue
      }
    }
  }
}
