import FoveaSystem

/// The whole command line as one table.
public struct Program: Sendable {
  /// The name people type.
  public let name: String
  /// The version, as `--version` prints it.
  public let version: String
  /// What the program is, in one sentence.
  public let summary: String
  /// The verbs, in the order of the help text.
  public let commands: [Command]

  /// A program.
  public init(name: String, version: String, summary: String, commands: [Command]) {
    precondition(Set(commands.map(\.name)).count == commands.count, "two verbs have the same name")
    self.name = name
    self.version = version
    self.summary = summary
    self.commands = commands
  }

  /// `-h` and `--help`, which every verb has.
  public static let help = Option.flag("help", short: "h", help: "print this page")

  /// `--color`, which every verb has.
  public static let color = Option.choice(
    "color", placeholder: "WHEN", among: ["auto", "always", "never"], default: "auto",
    help: "when to use colours; auto means on a terminal, unless NO_COLOR is set")

  /// The options every verb has.
  public static let commonOptions: [any CommandOption] = [color, help]

  /// The verb of this name.
  public func command(_ name: String) -> Command? {
    commands.first { $0.name == name }
  }

  /// The verb of this name, or an error that offers a near one.
  public func requireCommand(_ name: String) throws(UsageError) -> Command {
    if let command = command(name) { return command }
    throw UsageError(
      "unknown command \(visible(name))",
      near: closest(to: name, among: commands.map(\.name)), seeAlso: "\(self.name) help")
  }
}

extension Command {
  /// The options of the verb itself and those every verb has.
  var definitions: [OptionDefinition] {
    let own = options.map(\.definition)
    let names = Set(own.map(\.name))
    return own + Program.commonOptions.map(\.definition).filter { !names.contains($0.name) }
  }
}
