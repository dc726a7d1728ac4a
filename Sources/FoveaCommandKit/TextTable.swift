/// Rows under a heading, in columns as wide as they must be.
public struct TextTable: Sendable {
  /// A column: its heading, and whether it holds numbers, which end below each other.
  public struct Column: Sendable {
    let heading: String
    let isNumeric: Bool

    /// A column of words.
    public static func words(_ heading: String) -> Column {
      Column(heading: heading, isNumeric: false)
    }

    /// A column of numbers.
    public static func numbers(_ heading: String) -> Column {
      Column(heading: heading, isNumeric: true)
    }
  }

  private let columns: [Column]
  private var rows: [[String]] = []

  /// A table without rows.
  public init(_ columns: [Column]) {
    self.columns = columns
  }

  /// Adds a row with one text per column.
  public mutating func append(_ row: [String]) {
    precondition(row.count == columns.count, "a row has one text per column")
    rows.append(row)
  }

  /// The table as lines; without multiplication signs where a terminal cannot show them.
  public func text(_ facts: TerminalFacts) -> String {
    let widths = columns.indices.map { column in
      rows.reduce(columns[column].heading.count) { max($0, $1[column].count) }
    }
    let heading = line(columns.map(\.heading), widths)
    let body = rows.map { line($0, widths) + "\n" }.joined()
    let plain = facts.isUnicode ? body : String(body.map { $0 == "×" ? "x" : $0 })
    return facts.style.bold(heading) + "\n" + plain
  }

  private func line(_ row: [String], _ widths: [Int]) -> String {
    var line = ""
    for (column, text) in row.enumerated() {
      let gap = String(repeating: " ", count: widths[column] - text.count)
      if column > 0 { line += "  " }
      line += columns[column].isNumeric ? gap + text : text + gap
    }
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}
