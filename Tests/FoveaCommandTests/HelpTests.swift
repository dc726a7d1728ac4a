import Testing

@testable import FoveaCommandKit

@Suite struct HelpTests {
  @Test func theOverviewNamesEveryVerb() {
    #expect(
      HelpPage(Sample.program).overview == """
        sample 1.2.3: is an example

        usage: sample <command> [arguments] [options]

          train       train a network
          bench       measure speed
          completion  print a script

        sample help COMMAND says more; every command takes --help.

        """)
  }

  @Test func aPageSaysEverythingAboutAVerb() {
    #expect(
      HelpPage(Sample.program).page(of: Sample.train) == """
        sample train: train a network

        usage: sample train [DATA] [options]

        Learns. Slowly at first.

        arguments
          DATA  what to learn from (default: digits)

        options
          -e, --epochs N            passes over the data (a whole number from 1 to 100;
                                    default: 5; or SAMPLE_EPOCHS)
              --lr RATE             the learning rate (a number above 0, at most 10)
              --shift N             a number that may be negative (a whole number from
                                    -9 to 9; default: 0)
              --optimizer NAME      the optimizer's name (sgd, adam or rmsprop; default:
                                    adam)
              --memory-limit BYTES  refuse more than this (a number of bytes such as
                                    512M or 8G)
          -q, --quiet               say less [or nothing] (or SAMPLE_QUIET)
          -j, --json                for programs
              --color WHEN          when to use colours; auto means on a terminal,
                                    unless NO_COLOR is set (auto, always or never;
                                    default: auto)
          -h, --help                print this page

        examples
          sample train --lr 0.1
              with another rate

        """)
  }

  @Test(arguments: [1, 40, 60, 80, 300])
  func noLineIsWiderThanTheTerminal(_ width: Int) {
    let page = HelpPage(Sample.program, width: width).page(of: Sample.train)
    let widest = page.split(separator: "\n").map(\.count).max() ?? 0
    #expect(widest <= max(40, min(width, 100)))
  }

  @Test func boldTextComesOnlyWithStyle() {
    let plain = HelpPage(Sample.program).overview
    let colored = HelpPage(Sample.program, style: .colored).overview
    #expect(!plain.contains("\u{1B}"))
    #expect(colored.contains("\u{1B}[1msample\u{1B}[0m"))
  }

  @Test func theTableIsJSONToo() {
    let line = Sample.program.json.line
    #expect(line.hasPrefix(#"{"schema":"fovea.help/1","name":"sample","version":"1.2.3","#))
    #expect(
      line.contains(
        #"{"name":"epochs","short":"e","kind":"integer","minimum":1,"maximum":100,"default":5,"#
          + #""environment":"SAMPLE_EPOCHS","help":"passes over the data"}"#))
    #expect(
      line.contains(
        #"{"name":"lr","kind":"number","exclusiveMinimum":0,"maximum":10,"help":"#))
    #expect(line.contains(#"{"name":"FILE","kind":"file","required":false,"repeated":true,"#))
    #expect(line.contains(#"{"code":75,"meaning":"stopped by a time or step budget"#))
  }

  @Test func theManualEscapesWhatRoffWouldRead() {
    let page = Sample.program.manualPage
    #expect(
      page.hasPrefix(
        ".TH SAMPLE 1 \"\" \"sample 1.2.3\" \"\"\n.SH NAME\nsample \\- is an example\n"))
    #expect(page.contains("\\fB\\-e\\fR, \\fB\\-\\-epochs\\fR \\fIN\\fR\n"))
    #expect(page.contains(".SH ENVIRONMENT\n.TP\n.B SAMPLE_EPOCHS\n"))
    #expect(page.contains(".TP\n.B 71\nrefused: would exceed the memory limit\n"))
  }
}
