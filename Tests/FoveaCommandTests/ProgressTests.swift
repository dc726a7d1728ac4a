import Testing

@testable import FoveaCommandKit

@Suite struct ProgressTests {
  /// A clock that is set by hand and a record of what was written.
  private final class Stage {
    var time = 0.0
    var lines: [String] = []

    func progress(isTerminal: Bool, width: Int = 100, total: Int = 1000) -> Progress {
      let facts = TerminalFacts(
        isTerminal: isTerminal, reportedWidth: width, environment: { $0 == "LANG" ? "C" : nil })
      return Progress(
        stage: "epoch 1/2", unit: "img", total: total, facts: facts, clock: { self.time },
        write: { self.lines.append($0) })
    }
  }

  @Test func aTerminalGetsABarThatIsRedrawnInPlace() {
    let stage = Stage()
    var progress = stage.progress(isTerminal: true)
    stage.time = 0.5
    progress.advance(by: 250, note: "loss 0.5")
    stage.time = 0.55
    progress.advance(by: 10, note: "loss 0.4")
    stage.time = 1
    progress.advance(by: 240, note: "loss 0.3")
    stage.time = 2
    progress.finish("loss 0.2")
    #expect(
      stage.lines == [
        "\r\u{1B}[Kepoch 1/2 #####............... 250/1000  loss 0.5  500 img/s  1.5 s left",
        "\r\u{1B}[Kepoch 1/2 ##########.......... 500/1000  loss 0.3  500 img/s  1 s left",
        "\r\u{1B}[Kepoch 1/2  loss 0.2  250 img/s  2 s\n",
      ])
  }

  @Test(arguments: [
    (80, "epoch 1/2 #####............... 250/1000  loss 0.5  500 img/s  1.5 s left"),
    (60, "epoch 1/2 #...... 250/1000  loss 0.5  500 img/s  1.5 s left"),
    (57, "epoch 1/2 250/1000  loss 0.5  500 img/s  1.5 s left"),
    (40, "epoch 1/2 250/1000  loss 0.5  500 img/s"),
  ])
  func theBarGivesWayToTheWords(_ width: Int, _ line: String) {
    let stage = Stage()
    var progress = stage.progress(isTerminal: true, width: width)
    stage.time = 0.5
    progress.advance(by: 250, note: "loss 0.5")
    #expect(stage.lines == ["\r\u{1B}[K" + line])
    #expect(line.count < width)
  }

  @Test func aLogFileGetsALineAMinute() {
    let stage = Stage()
    var progress = stage.progress(isTerminal: false)
    for second in 1...100 {
      stage.time = Double(second)
      progress.advance(by: 5, note: "loss \(second)")
    }
    progress.finish("loss 0.2")
    #expect(
      stage.lines == [
        "epoch 1/2  300/1000  loss 60  5 img/s  2:20 left\n",
        "epoch 1/2  loss 0.2  5 img/s  1:40\n",
      ])
  }

  @Test func aLineNeverWraps() {
    let stage = Stage()
    var progress = stage.progress(isTerminal: true, width: 30)
    stage.time = 1
    progress.advance(by: 1, note: String(repeating: "long ", count: 50))
    #expect(stage.lines.count == 1)
    #expect(stage.lines[0].dropFirst("\r\u{1B}[K".count).count == 29)
  }

  @Test func oddAmountsOfWorkAreShownWithinTheBar() {
    let stage = Stage()
    var nothing = stage.progress(isTerminal: true, total: 0)
    nothing.advance(by: 5)
    var much = stage.progress(isTerminal: true, total: 10)
    much.advance(by: Int.max)
    much.advance(by: -3)
    #expect(stage.lines[0].contains("#################### 0/0"))
    #expect(stage.lines[1].contains("#################### 10/10"))
  }

  @Test(arguments: [
    (0.04, "0 s"), (1.26, "1.3 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.4, "59 s"),
    (59.6, "1:00"), (91, "1:31"), (3599.6, "1:00:00"), (7505, "2:05:05"), (-1, "?"),
    (Double.nan, "?"), (Double.infinity, "?"), (1e300, "?"),
  ])
  func durationsAreShort(_ seconds: Double, _ text: String) {
    #expect(Progress.duration(seconds) == text)
  }

  @Test(arguments: [
    (0, "0"), (1.234, "1.23"), (21.04, "21"), (999.6, "1000"), (9999, "9999"), (12_345, "12.3k"),
    (12_345_678, "12.3M"), (Double.nan, "?"), (-1, "?"),
  ])
  func ratesHaveThreeDigits(_ rate: Double, _ text: String) {
    #expect(Progress.rate(rate) == text)
  }
}
