import Foundation

/// What was measured, remembered from process to process in a file whose loss only costs time.
///
/// The file is text: a title, one line per measurement — a number for the machine it was made on,
/// what was computed, the kernel — and a checksum. It is replaced as a whole, never changed in place.
final class KernelCache: Sendable {
  static let shared = KernelCache(file: defaultFile)

  private static let title = "fovea kernels 1"
  /// Neither the file nor what it says may be without bound.
  private static let largestByteCount = 1 << 24

  private struct State {
    var isLoaded = false
    var hasWarned = false
    /// Lines `machine\twork` and their kernels.
    var kernels: [String: String] = [:]
    var hasNews = false
  }

  private let file: URL?
  private let warn: @Sendable (String) -> Void
  private let state = Guarded(State())

  /// - Parameter file: `nil` to remember within the process alone.
  init(file: URL?, warn: @escaping @Sendable (String) -> Void = { Diagnostics.write($0) }) {
    self.file = file
    self.warn = warn
  }

  /// The kernel for some work on this machine.
  func kernel(for work: String) -> String? {
    let key = KernelCache.key(work)
    return state.withLock { state in
      load(&state)
      return state.kernels[key]
    }
  }

  /// Remembers a kernel; `save` writes it down.
  func store(_ kernel: String, for work: String) {
    let key = KernelCache.key(work)
    state.withLock { state in
      load(&state)
      state.kernels[key] = kernel
      state.hasNews = true
    }
  }

  /// Where measurements are kept, if anywhere.
  var path: String? { file?.path }

  /// How many measurements of this machine are known.
  var count: Int {
    let machine = KernelCache.key("")
    return state.withLock { state in
      load(&state)
      return state.kernels.keys.count { $0.hasPrefix(machine) }
    }
  }

  /// Writes down what is new, together with what other processes have written meanwhile.
  func save() {
    state.withLock { state in
      guard state.hasNews, let file else { return }
      state.hasNews = false
      if let others = try? KernelCache.read(file) {
        state.kernels.merge(others) { mine, _ in mine }
      }
      do throws(Refusal) { try KernelCache.write(state.kernels, to: file) } catch {
        warnOnce(&state, "measured kernels cannot be kept in \(file.path): \(error.reason)")
      }
    }
  }

  private func load(_ state: inout State) {
    guard !state.isLoaded else { return }
    state.isLoaded = true
    guard let file else { return }
    do throws(Refusal) { state.kernels = try KernelCache.read(file) } catch {
      warnOnce(&state, "\(file.path) is not used: \(error.reason); kernels are measured again")
    }
  }

  private func warnOnce(_ state: inout State, _ text: String) {
    guard !state.hasWarned else { return }
    state.hasWarned = true
    warn("fovea: warning: \(text)")
  }

  private static func key(_ work: String) -> String {
    hexadecimal(checksum(Machine.description)) + "\t" + work
  }
}

extension KernelCache {
  /// Why a file cannot be used.
  struct Refusal: Error {
    let reason: String
  }

  /// The file's measurements; none when there is no file.
  static func read(_ file: URL) throws(Refusal) -> [String: String] {
    guard FileManager.default.fileExists(atPath: file.path) else { return [:] }
    guard let handle = try? FileHandle(forReadingFrom: file),
      let data = try? handle.read(upToCount: largestByteCount + 1)
    else { throw Refusal(reason: "it cannot be read") }
    guard data.count <= largestByteCount else { throw Refusal(reason: "it is too large") }
    guard let text = String(data: data, encoding: .utf8) else {
      throw Refusal(reason: "it is not text")
    }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.first == Substring(title) else {
      throw Refusal(reason: "its first line is not “\(title)”")
    }
    guard lines.popLast() == "", let last = lines.popLast(),
      last == "checksum " + hexadecimal(checksum(lines.joined(separator: "\n")))
    else { throw Refusal(reason: "its checksum does not fit") }
    var kernels: [String: String] = [:]
    for line in lines.dropFirst() {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count == 3 else { throw Refusal(reason: "a line has not three fields") }
      kernels[fields[0] + "\t" + fields[1]] = String(fields[2])
    }
    return kernels
  }

  /// Writes a file beside the old one and puts it in its place.
  static func write(_ kernels: [String: String], to file: URL) throws(Refusal) {
    let lines = [title] + kernels.sorted { $0.key < $1.key }.map { "\($0.key)\t\($0.value)" }
    let text = lines.joined(separator: "\n")
    let whole = text + "\nchecksum " + hexadecimal(checksum(text)) + "\n"
    do {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(whole.utf8).write(to: file, options: .atomic)
    } catch {
      throw Refusal(reason: "\((error as NSError).localizedDescription)")
    }
  }

  /// FNV-1a.
  private static func checksum(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  private static func hexadecimal(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// `kernels-v1.txt` in `$FOVEA_CACHE_DIR`, or in `fovea` of the user's cache directory.
  private static var defaultFile: URL? {
    let environment = ProcessInfo.processInfo.environment
    func directory(_ name: String) -> URL? {
      // Relative paths are to be ignored, says the XDG base directory specification.
      guard let path = environment[name], path.hasPrefix("/") else { return nil }
      return URL(fileURLWithPath: path, isDirectory: true)
    }
    let name = "kernels-v1.txt"
    if let own = environment["FOVEA_CACHE_DIR"], !own.isEmpty {
      return URL(fileURLWithPath: own, isDirectory: true).appendingPathComponent(name)
    }
    let base =
      directory("XDG_CACHE_HOME") ?? directory("HOME")?.appendingPathComponent(".cache")
    return base?.appendingPathComponent("fovea").appendingPathComponent(name)
  }
}
