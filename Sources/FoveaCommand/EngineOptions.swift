import Fovea
import FoveaCommandKit

/// Options of every verb that computes with a network: with what, and with which kernels.
enum EngineOptions {
  static let threads = Option.optionalInteger(
    "threads", short: "t", placeholder: "N", in: 1...1024, environment: "FOVEA_THREADS",
    help: "threads to compute with; when left out, one per core")
  static let memoryLimit = Option.optionalBytes(
    "memory-limit", placeholder: "BYTES", environment: "FOVEA_MEMORY_LIMIT",
    help: "refuse what would need more; when left out, what is free")
  static let deterministic = Option.flag(
    "deterministic",
    help: "the same bits in every run: a fixed table of kernels, nothing measured, no Winograd")
  static let kernels = Option.optionalText(
    "kernels", kind: .file, placeholder: "FILE",
    help: "take the kernels another run has written, and so give the same bits as that run")
  static let savedKernels = Option.optionalText(
    "save-kernels", kind: .file, placeholder: "FILE",
    help: "write which kernels were used, for --kernels")

  static let all: [any CommandOption] = [
    threads, memoryLimit, deterministic, kernels, savedKernels,
  ]

  /// Runs a verb's body as its options say, and writes the kernels down afterwards.
  static func with(
    _ invocation: Invocation, _ console: Console, _ body: () throws -> ExitCode
  ) throws -> ExitCode {
    if let count = invocation[threads] { Threads.count = count }
    var policy = KernelPolicy.current
    if invocation[deterministic] {
      guard invocation[kernels] == nil else {
        throw UsageError(
          "--deterministic and --kernels exclude each other",
          hint: "every run with --deterministic has the same kernels anyway",
          seeAlso: "fovea help \(invocation.command.name)")
      }
      policy = .deterministic
    }
    if let path = invocation[kernels] {
      let file = try KernelFile(path)
      if let note = file.note { console.message("note: \(note)\n") }
      policy.imposed = file.choices
    }
    return try KernelPolicy.with(policy) {
      let limit = invocation[memoryLimit]
      let code = try limit.map { try MemoryLimit.with($0, body) } ?? body()
      if let path = invocation[savedKernels] { try KernelFile.write(.used, to: path) }
      return code
    }
  }
}
