@testable import FoveaCommandKit

/// A small table with every kind of option and argument.
enum Sample {
  static let epochs = Option.integer(
    "epochs", short: "e", placeholder: "N", in: 1...100, default: 5, environment: "SAMPLE_EPOCHS",
    help: "passes over the data")
  static let rate = Option.optionalNumber(
    "lr", placeholder: "RATE", in: .above(0, through: 10), help: "the learning rate")
  static let shift = Option.integer(
    "shift", placeholder: "N", in: -9...9, default: 0, help: "a number that may be negative")
  static let optimizer = Option.choice(
    "optimizer", placeholder: "NAME", among: ["sgd", "adam", "rmsprop"], default: "adam",
    help: "the optimizer's name")
  static let limit = Option.optionalBytes(
    "memory-limit", placeholder: "BYTES", help: "refuse more than this")
  static let quiet = Option.flag(
    "quiet", short: "q", environment: "SAMPLE_QUIET", help: "say less [or nothing]")
  static let json = Option.flag("json", short: "j", help: "for programs")

  static let data = Argument(
    "DATA", kind: .text, count: .optional(default: "digits"), help: "what to learn from")
  static let subject = Argument("WHAT", kind: .text, help: "what to time")
  static let files = Argument("FILE", kind: .file, count: .many(minimum: 0), help: "more of it")

  static let train = Command(
    "train", summary: "train a network", discussion: "Learns. Slowly at first.",
    arguments: [data],
    options: [epochs, rate, shift, optimizer, limit, quiet, json],
    examples: [Example("sample train --lr 0.1", "with another rate")])
  static let bench = Command("bench", summary: "measure speed", arguments: [subject, files])
  static let shell = Command(
    "completion", summary: "print a script",
    arguments: [
      Argument("SHELL", kind: .choice(["bash", "zsh", "fish"]), help: "the shell")
    ])

  static let program = Program(
    name: "sample", version: "1.2.3", summary: "is an example", commands: [train, bench, shell])

  /// The invocation of a command line that must be right.
  static func invocation(
    _ line: String..., environment: [String: String] = [:]
  ) throws -> Invocation {
    guard case .run(let invocation) = try program.parse(line, environment: { environment[$0] })
    else {
      throw NotAnInvocation()
    }
    return invocation
  }

  /// The text printed for a command line that must be wrong, or "accepted".
  static func complaint(_ line: String..., environment: [String: String] = [:]) -> String {
    do {
      _ = try program.parse(line, environment: { environment[$0] })
      return "accepted"
    } catch {
      return error.description
    }
  }

  /// The command line asked for help or the version instead.
  struct NotAnInvocation: Error {}
}
