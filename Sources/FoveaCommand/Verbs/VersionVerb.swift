import FoveaCommandKit

/// `fovea version`.
enum VersionVerb {
  static let json = Option.flag("json", help: "one JSON object on standard output")

  static let command = Command(
    "version", summary: "print the version", options: [json],
    examples: [Example("fovea version", "prints the version, as does fovea --version")])

  static func verb(for program: Program) -> Verb {
    let (name, version) = (program.name, program.version)
    return Verb(command) { invocation, console in
      let object: JSONValue = ["schema": "fovea.version/1", "version": .string(version)]
      try console.output((invocation[json] ? object.line : "\(name) \(version)") + "\n")
      return .success
    }
  }
}
