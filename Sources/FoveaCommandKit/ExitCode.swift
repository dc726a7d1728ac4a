/// How a run of the command ended, as the shell sees it.
///
/// The numbers from 64 to 78 are those of BSD's `sysexits`; 128 + n is a signal, as shells do it.
public enum ExitCode: Int32, Sendable, CaseIterable {
  /// Done.
  case success = 0
  /// It ran, and the answer is no: a check failed, a threshold was not met, the loss became NaN.
  case negative = 1
  /// The command line or the configuration is wrong.
  case usage = 2
  /// A file's content is broken or hostile.
  case dataError = 65
  /// A file or folder is missing or unreadable.
  case noInput = 66
  /// Not available on this machine: a GPU, an optional library.
  case unavailable = 69
  /// A bug in Fovea.
  case internalError = 70
  /// Refused, because it would exceed the memory limit.
  case memoryRefused = 71
  /// A file cannot be created.
  case cannotCreate = 73
  /// A file cannot be written, for example because the disk is full.
  case cannotWrite = 74
  /// Stopped by a time or step budget; the run can be resumed.
  case budgetSpent = 75
  /// Stopped by Ctrl-C, after saving.
  case interrupted = 130
  /// The reader of standard output went away.
  case outputClosed = 141
  /// Stopped by SIGTERM, after saving.
  case terminated = 143

  /// What the code means, in the words of the manual.
  public var meaning: String {
    switch self {
    case .success: "done"
    case .negative: "ran, and the answer is no"
    case .usage: "the command line or the configuration is wrong"
    case .dataError: "a file's content is broken or hostile"
    case .noInput: "a file or folder is missing or unreadable"
    case .unavailable: "not available on this machine"
    case .internalError: "a bug in Fovea"
    case .memoryRefused: "refused: would exceed the memory limit"
    case .cannotCreate: "cannot create a file"
    case .cannotWrite: "cannot write (disk full)"
    case .budgetSpent: "stopped by a time or step budget, can be resumed"
    case .interrupted: "stopped by Ctrl-C after saving"
    case .outputClosed: "output closed"
    case .terminated: "stopped by SIGTERM after saving"
    }
  }
}
