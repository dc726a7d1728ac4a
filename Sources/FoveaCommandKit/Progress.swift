/// Progress of a long piece of work on standard error.
///
/// On a terminal: one line that is redrawn at most ten times a second, with a bar, the rate and the
/// time left. Elsewhere: one line per finished stage and, when a stage is long, a line a minute, so
/// that log files stay readable.
///
///     var progress = Progress(stage: "epoch  1/5", unit: "img", total: 60_000, facts: facts)
///     progress.advance(by: 64, note: "loss 0.412")
///     progress.finish("loss 0.231  accuracy 94.1 %")
public struct Progress {
  private let stage: String
  private let unit: String
  private let total: Int
  private let facts: TerminalFacts
  private let clock: () -> Double
  private let write: (String) -> Void
  private let start: Double
  private var done = 0
  private var lastDrawn: Double
  private var hasDrawn = false

  /// Seconds between two drawings of the bar.
  static let redrawInterval = 0.1
  /// Seconds between two lines where nobody looks.
  static let heartbeatInterval = 60.0

  /// Starts the clock; nothing is written yet.
  public init(
    stage: String, unit: String, total: Int, facts: TerminalFacts,
    clock: @escaping () -> Double = monotonicSeconds,
    write: @escaping (String) -> Void = { try? OutputStream.standardError.write($0) }
  ) {
    precondition(total >= 0, "a negative amount of work")
    self.stage = stage
    self.unit = unit
    self.total = total
    self.facts = facts
    self.clock = clock
    self.write = write
    start = clock()
    lastDrawn = start
  }

  /// Adds to what is done and shows it when it is time to.
  public mutating func advance(by count: Int, note: @autoclosure () -> String = "") {
    done = min(total, done + max(0, count))
    let now = clock()
    let interval = facts.isTerminal ? Self.redrawInterval : Self.heartbeatInterval
    guard now - lastDrawn >= interval || (facts.isTerminal && !hasDrawn) else { return }
    lastDrawn = now
    hasDrawn = true
    draw(note(), seconds: now - start)
  }

  /// Ends the stage with one line that stays.
  public mutating func finish(_ summary: String) {
    let seconds = clock() - start
    let rate = seconds > 0 ? "\(Self.rate(Double(done) / seconds)) \(unit)/s  " : ""
    let line = "\(stage)  \(summary)  \(rate)\(Self.duration(seconds))"
    write((facts.isTerminal ? "\r\u{1B}[K" : "") + line + "\n")
  }

  private func draw(_ note: String, seconds: Double) {
    let fraction = total > 0 ? Double(done) / Double(total) : 1
    let rate = seconds > 0 ? Double(done) / seconds : 0
    let left = rate > 0 ? "\(Self.duration(Double(total - done) / rate)) left" : ""
    let speed = "\(Self.rate(rate)) \(unit)/s"
    guard facts.isTerminal else {
      write("\(stage)  \(done)/\(total)  \(note)  \(speed)  \(left)\n")
      return
    }
    let words = "\(done)/\(total)  \(note)  \(speed)  \(left)"
    // Where there is little room the bar gives way, for the words say more.
    let room = min(20, facts.width - 3 - stage.count - words.count)
    let bar = room < 5 ? "" : " " + Self.bar(fraction, width: room, isUnicode: facts.isUnicode)
    // A line that wraps cannot be redrawn in place.
    write("\r\u{1B}[K" + "\(stage)\(bar) \(words)".prefix(max(1, facts.width - 1)))
  }

  /// A bar of `width` cells.
  static func bar(_ fraction: Double, width: Int, isUnicode: Bool) -> String {
    let filled = Int((Double(width) * max(0, min(1, fraction))).rounded(.down))
    let full = String(repeating: isUnicode ? "━" : "#", count: filled)
    return full + String(repeating: isUnicode ? "╌" : ".", count: width - filled)
  }

  /// Three significant digits and a unit of thousands.
  static func rate(_ value: Double) -> String {
    guard value.isFinite, value >= 0 else { return "?" }
    let (scaled, suffix) =
      value < 10_000 ? (value, "") : value < 1e7 ? (value / 1e3, "k") : (value / 1e6, "M")
    let places: Double = scaled < 10 ? 100 : scaled < 100 ? 10 : 1
    return JSONValue.text(of: (scaled * places).rounded() / places) + suffix
  }

  /// A duration as `9 s`, `1:31` or `2:05:00`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "?" }
    if seconds < 9.95 { return "\(JSONValue.text(of: (seconds * 10).rounded() / 10)) s" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    let minutes = whole / 60
    let rest = twoDigits(whole % 60)
    return minutes < 60
      ? "\(minutes):\(rest)" : "\(minutes / 60):\(twoDigits(minutes % 60)):\(rest)"
  }

  private static func twoDigits(_ value: Int) -> String {
    value < 10 ? "0\(value)" : String(value)
  }
}
