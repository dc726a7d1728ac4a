import Fovea
import FoveaCommandKit
import FoveaRuntime

/// How the steps of a plan are written.
struct LayerReport {
  private let profile: LayerProfile

  init(_ profile: LayerProfile) { self.profile = profile }

  /// The steps in their order, then what the kinds of steps take, then what bounds them.
  func text(_ facts: TerminalFacts) -> String {
    var steps = TextTable([.words("layer"), .words("operation")] + Self.columns)
    for row in profile.rows {
      let count = row.stepCount > 1 ? " ×\(row.stepCount)" : ""
      steps.append([row.name.path, row.name.operation + count] + cells(row))
    }
    var kinds = TextTable([
      .words("kind"), .numbers("steps"), .numbers("ms"), .numbers("share"), .numbers("GFLOP/s"),
      .numbers("of peak"), .numbers("GB/s"), .numbers("time/limit"),
    ])
    for row in profile.kinds {
      kinds.append([row.kind, "\(row.stepCount)"] + numbers(row) + [ratio(row)])
    }
    let bounds = Roofline.Bound.allCases.map { bound in
      let time = profile.milliseconds(bound)
      let share = profile.milliseconds > 0 ? time / profile.milliseconds : 0
      return "\(bound.rawValue) \(NumberText.fixed(time, 3)) ms (\(NumberText.percent(share, 1)))"
    }
    let levels = profile.machine.levels.map {
      "\($0.name) \(NumberText.fixed($0.speed, 0))"
    }
    return """
      \(steps.text(facts))
      \(kinds.text(facts))
      bound by \(bounds.joined(separator: ", "))
      of \(NumberText.fixed(profile.milliseconds, 3)) ms in \
      \(profile.rows.reduce(0) { $0 + $1.stepCount }) steps; peak \
      \(NumberText.fixed(profile.machine.float32, 0)) GFLOP/s; GB/s of \
      \(levels.joined(separator: ", "))

      """
  }

  private static let columns: [TextTable.Column] = [
    .words("kernel"), .words("layout"), .numbers("ms"), .numbers("share"), .numbers("GFLOP/s"),
    .numbers("of peak"), .numbers("GB/s"), .words("bound"), .numbers("time/limit"),
  ]

  private func cells(_ row: LayerRow) -> [String] {
    [row.name.kernel, row.name.layout] + numbers(row) + [row.bound.rawValue, ratio(row)]
  }

  private func numbers(_ row: LayerRow) -> [String] {
    let computes = row.multiplyAdds > 0
    return [
      NumberText.fixed(row.nanoseconds / 1e6, 3), NumberText.percent(profile.share(row), 1),
      computes ? NumberText.fixed(row.speed, 1) : "",
      computes ? NumberText.percent(row.shareOfPeak, 0) : "",
      NumberText.fixed(row.bandwidth, 1),
    ]
  }

  private func ratio(_ row: LayerRow) -> String {
    row.limit > 0 ? NumberText.fixed(row.nanoseconds / row.limit, 1) : ""
  }

  /// The fields of the JSON object that hold the steps and the sums.
  var fields: [JSONField] {
    let bounds = Roofline.Bound.allCases.map {
      JSONField($0.rawValue, .number(profile.milliseconds($0)))
    }
    let kinds = profile.kinds.map { row in
      JSONValue.object([JSONField("kind", .string(row.kind))] + numbers(of: row))
    }
    return [
      JSONField("layers", .array(profile.rows.map(object))), JSONField("kinds", .array(kinds)),
      JSONField("boundMilliseconds", .object(bounds)),
      JSONField("stepMilliseconds", .number(profile.milliseconds)),
    ]
  }

  private func object(_ row: LayerRow) -> JSONValue {
    let words = [
      JSONField("path", .string(row.name.path)),
      JSONField("operation", .string(row.name.operation)),
      JSONField("kind", .string(row.kind)), JSONField("kernel", .string(row.name.kernel)),
      JSONField("layout", .string(row.name.layout)),
    ]
    return .object(words + numbers(of: row))
  }

  private func numbers(of row: LayerRow) -> [JSONField] {
    [
      JSONField("steps", .integer(row.stepCount)),
      JSONField("milliseconds", .number(row.nanoseconds / 1e6)),
      JSONField("share", .number(profile.share(row))),
      JSONField("multiplyAdds", .integer(row.multiplyAdds)),
      JSONField("bytes", .integer(row.byteCount)), JSONField("GFLOPS", .number(row.speed)),
      JSONField("shareOfPeak", .number(row.shareOfPeak)),
      JSONField("GBPerSecond", .number(row.bandwidth)),
      JSONField("bound", .string(row.bound.rawValue)),
      JSONField("limitMilliseconds", .number(row.limit / 1e6)),
      JSONField(
        "timeOverLimit", row.limit > 0 ? .number(row.nanoseconds / row.limit) : .null),
    ]
  }
}
