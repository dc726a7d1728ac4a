import Fovea
import FoveaRuntime

/// Where the time of a plan goes: its steps, each with what it did and could have done.
struct LayerProfile {
  /// Steps in their order; what was done in parts of a batch is one row.
  let rows: [LayerRow]
  /// Rows of a kind, the longest first.
  let kinds: [LayerRow]
  /// Milliseconds of all rows.
  let milliseconds: Double
  let machine: MachineSpeed

  /// - Parameters:
  ///   - entries: the steps of the recording whose layers were noted.
  ///   - runs: the steps of the same plan, several times.
  init(
    of entries: [StepObserver.Entry], _ runs: [[StepObserver.Entry]], _ paths: LayerPaths,
    _ machine: MachineSpeed
  ) {
    self.machine = machine
    let kept = entries.reduce(0) { $0 + $1.work.keptByteCount }
    var rows: [LayerRow] = []
    var places: [LayerRow.Name: Int] = [:]
    for (index, entry) in entries.enumerated() {
      let times = runs.compactMap { $0.indices.contains(index) ? $0[index].nanoseconds : nil }
      let row = LayerRow(
        entry, path: LayerProfile.path(of: entry, in: paths),
        nanoseconds: SortedTimes(times.map { Double($0) }).median, keeping: kept, machine)
      if let place = places[row.name] {
        rows[place].add(row)
      } else {
        places[row.name] = rows.count
        rows.append(row)
      }
    }
    self.rows = rows
    var kinds: [String: LayerRow] = [:]
    for row in rows {
      if kinds[row.kind]?.add(row) == nil { kinds[row.kind] = row }
    }
    self.kinds = kinds.values.sorted { ($0.nanoseconds, $1.kind) > ($1.nanoseconds, $0.kind) }
    milliseconds = rows.reduce(0) { $0 + $1.nanoseconds } / 1e6
  }

  private static func path(of entry: StepObserver.Entry, in paths: LayerPaths) -> String {
    guard let scope = entry.scope else { return entry.isUpdate ? "(update)" : "(no layer)" }
    guard let path = paths[scope] else { return entry.layer }
    return path.isEmpty ? "(whole)" : path
  }

  /// The share of a row in the time of all.
  func share(_ row: LayerRow) -> Double {
    milliseconds > 0 ? row.nanoseconds / 1e6 / milliseconds : 0
  }

  /// Milliseconds of the rows that are bound so.
  func milliseconds(_ bound: Roofline.Bound) -> Double {
    rows.reduce(0) { $0 + ($1.bound == bound ? $1.nanoseconds : 0) } / 1e6
  }
}
