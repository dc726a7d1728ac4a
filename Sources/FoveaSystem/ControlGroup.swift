import Foundation

/// The limits of the container this process runs in. Whoever exceeds them is killed, whatever memory
/// the machine has.
enum ControlGroup {
  /// Bytes that may still be taken; `nil` without a limit.
  static var available: Int? {
    let folder = "/sys/fs/cgroup"
    return available(
      limit: text("\(folder)/memory.max"), used: text("\(folder)/memory.current"),
      statistics: text("\(folder)/memory.stat"), unusedFiles: "inactive_file ")
      ?? available(
        limit: text("\(folder)/memory/memory.limit_in_bytes"),
        used: text("\(folder)/memory/memory.usage_in_bytes"),
        statistics: text("\(folder)/memory/memory.stat"), unusedFiles: "total_inactive_file ")
  }

  /// - Parameter unusedFiles: the line that says how much of what is used are files nobody reads now;
  ///   the system takes that back when it is needed.
  static func available(
    limit: String?, used: String?, statistics: String?, unusedFiles: String
  ) -> Int? {
    func number(_ text: Substring) -> Int? { Int(text.filter { !$0.isWhitespace }) }
    guard let limit, let limit = number(limit[...]), let used, let used = number(used[...]),
      limit >= 0, used >= 0
    else { return nil }
    let lines = (statistics ?? "").split(separator: "\n")
    let unused = lines.first { $0.hasPrefix(unusedFiles) }.flatMap {
      number($0.dropFirst(unusedFiles.count))
    }
    return max(0, limit - max(0, used - min(used, max(0, unused ?? 0))))
  }

  private static func text(_ path: String) -> String? {
    try? String(contentsOfFile: path, encoding: .utf8)
  }
}
