extension Calibration {
  private static let title = "fovea calibration 1"

  /// The calibration as a small text, one range to a line, to be kept beside the weights.
  public var text: String {
    let digits = String(fingerprint, radix: 16)
    let lines = [Calibration.title, "network \(network)", "fingerprint \(digits)"]
    let numbers = ranges.map { "\($0.lowerBound) \($0.upperBound)" }
    return (lines + ["values \(ranges.count)"] + numbers).joined(separator: "\n") + "\n"
  }

  /// The calibration that ``text`` says.
  ///
  /// - Parameter name: what messages call the text, such as the name of its file.
  public init(text: String, named name: String) throws(CalibrationTextError) {
    var lines = Lines(text, name)
    try lines.expect("the first line", Calibration.title) { $0 == Calibration.title ? true : nil }
    network = try lines.expect("the network", "“network” and its name") { line in
      line.hasPrefix("network ") ? String(line.dropFirst(8)) : nil
    }
    fingerprint = try lines.expect("the fingerprint", "“fingerprint” and up to 16 digits") { line in
      line.hasPrefix("fingerprint ") ? UInt64(line.dropFirst(12), radix: 16) : nil
    }
    let count = try lines.expect("the number of values", "“values” and \(lines.remaining - 1)") {
      [remaining = lines.remaining - 1] in
      $0 == "values \(remaining)" ? remaining : nil
    }
    var ranges: [ClosedRange<Float>] = []
    for index in 0..<count {
      ranges.append(
        try lines.expect("range \(index)", "two finite numbers around 0") { line in
          let numbers = line.split(separator: " ", omittingEmptySubsequences: false).map {
            Float($0)
          }
          guard numbers.count == 2, let low = numbers[0], let high = numbers[1], low.isFinite,
            high.isFinite, low <= 0, high >= 0
          else { return nil }
          return low...high
        })
    }
    self.ranges = ranges
  }

  /// Lines of a text, taken one by one.
  private struct Lines {
    private let lines: [Substring]
    private let name: String
    private var next = 0

    init(_ text: String, _ name: String) {
      var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      if lines.last?.isEmpty == true { lines.removeLast() }
      self.lines = lines
      self.name = name
    }

    var remaining: Int { lines.count - next }

    @discardableResult
    mutating func expect<Value>(
      _ field: String, _ expected: String, _ read: (Substring) -> Value?
    ) throws(CalibrationTextError) -> Value {
      let found = next < lines.count ? lines[next] : nil
      next += 1
      if let found, let value = read(found) { return value }
      throw CalibrationTextError(
        name: name, line: next, field: field, found: found.map { String($0.prefix(60)) },
        expected: expected)
    }
  }
}
