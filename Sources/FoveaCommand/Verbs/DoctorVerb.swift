import FoveaCommandKit

/// `fovea doctor`: the facts of the machine that decide how fast Fovea is.
enum DoctorVerb {
  static let json = Option.flag("json", help: "one JSON object on standard output")

  static let command = Command(
    "doctor", summary: "report what this machine offers",
    discussion: """
      Prints the processor, its vector instructions, the memory and the settings that Fovea reads. \
      Put the output into a bug report.
      """,
    options: [json],
    examples: [Example("fovea doctor", "prints one fact per line")])

  /// The verb; `engine` adds what only the engine knows, such as the version of its library.
  static func verb(engine: @escaping @Sendable () -> [Entry]) -> Verb {
    Verb(command) { invocation, console in
      let facts = entries(of: SystemFacts.current()) + engine()
      if invocation[json] {
        let fields = facts.map { JSONField($0.key, $0.value) }
        let object = JSONValue.object([JSONField("schema", "fovea.doctor/1")] + fields)
        try console.output(object.line + "\n")
      } else {
        let column = (facts.map(\.label.count).max() ?? 0) + 2
        for fact in facts {
          let gap = String(repeating: " ", count: column - fact.label.count)
          try console.output(fact.label + gap + fact.words + "\n")
        }
      }
      return .success
    }
  }

  /// Variables of the environment that change what Fovea does.
  private static let settings = [
    "FOVEA_SHOW", "FOVEA_TUNE", "FOVEA_THREADS", "FOVEA_MEMORY_LIMIT", "FOVEA_SEED",
    "FOVEA_CACHE_DIR", "FOVEA_INSTRUCTIONS", "OMP_NUM_THREADS", "OMP_PROC_BIND",
    "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA",
  ]

  /// One line of the report.
  struct Entry {
    let key: String
    let label: String
    let words: String
    let value: JSONValue
  }

  /// The lines of the report, those about unknown facts included.
  static func entries(of facts: SystemFacts) -> [Entry] {
    let settings = DoctorVerb.settings.compactMap { name in
      environmentValue(name).map { "\(name)=\(visible($0))" }
    }
    return [
      text("fovea", "fovea", version),
      text("system", "system", visible(facts.system)),
      text("architecture", "architecture", facts.architecture),
      text("processor", "processor", visible(facts.processor)),
      count("cores", "cores", facts.cores),
      count("threads", "threads", facts.threads),
      list("features", "instructions", facts.features),
      bytes("memoryBytes", "memory", facts.memory),
      bytes("availableMemoryBytes", "available", facts.availableMemory),
      bytes("containerLimitBytes", "container limit", facts.memoryLimit, unknown: "none"),
      list("settings", "settings", settings),
    ]
  }

  /// A line of words.
  static func text(_ key: String, _ label: String, _ value: String) -> Entry {
    Entry(key: key, label: label, words: value, value: .string(value))
  }

  /// A line with a number.
  static func count(_ key: String, _ label: String, _ value: Int?) -> Entry {
    Entry(
      key: key, label: label, words: value.map(String.init) ?? "unknown",
      value: value.map(JSONValue.integer) ?? .null)
  }

  /// A line with several words.
  static func list(_ key: String, _ label: String, _ values: [String]) -> Entry {
    Entry(
      key: key, label: label, words: values.isEmpty ? "none" : values.joined(separator: " "),
      value: .array(values.map(JSONValue.string)))
  }

  /// A line with an amount of memory.
  static func bytes(
    _ key: String, _ label: String, _ value: Int?, unknown: String = "unknown"
  ) -> Entry {
    Entry(
      key: key, label: label, words: value.map(NumberText.bytes) ?? unknown,
      value: value.map(JSONValue.integer) ?? .null)
  }
}
