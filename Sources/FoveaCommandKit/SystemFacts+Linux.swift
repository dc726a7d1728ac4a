extension SystemFacts {
  /// The extensions worth naming, as Linux spells them, in the order they are shown.
  static let notableFeatures = [
    "sse4_2", "avx", "avx2", "fma", "f16c", "avx_vnni", "avx512f", "avx512bw", "avx512vl",
    "avx512dq", "avx512_vnni", "avx512_bf16", "avx512_fp16", "amx_tile", "amx_bf16", "amx_int8",
    "asimd", "asimdhp", "asimddp", "bf16", "i8mm", "sve", "sve2", "sme",
  ]

  /// Takes over what `/proc/cpuinfo` says.
  mutating func read(processorInformation text: String) {
    var cores: Set<String> = []
    var package = ""
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard let name = parts.first.map(Self.trimmed), parts.count == 2 else { continue }
      let value = Self.trimmed(parts[1])
      switch name {
      case "model name": processor = value
      case "physical id": package = value
      case "core id": cores.insert("\(package)/\(value)")
      case "flags", "Features":
        let present = Set(value.split(separator: " ").map(String.init))
        features = Self.notableFeatures.filter(present.contains)
      default: break
      }
    }
    self.cores = cores.isEmpty ? nil : cores.count
  }

  /// Takes over what `/proc/meminfo` says.
  mutating func read(memoryInformation text: String) {
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count >= 2, let kibibytes = Int(words[1]) else { continue }
      let bytes = kibibytes.multipliedReportingOverflow(by: 1024)
      guard kibibytes >= 0, !bytes.overflow else { continue }
      switch words[0] {
      case "MemTotal:": memory = bytes.partialValue
      case "MemAvailable:": availableMemory = bytes.partialValue
      default: break
      }
    }
  }

  /// Takes over the limit in a control group's `memory.max`; `max` means none.
  mutating func read(memoryLimit text: String) {
    guard let limit = Int(Self.trimmed(text[...])), limit > 0 else { return }
    memoryLimit = limit
  }

  /// Takes over the name in `/etc/os-release`.
  mutating func read(systemRelease text: String) {
    for line in text.split(separator: "\n") where line.hasPrefix("PRETTY_NAME=") {
      system = line.dropFirst("PRETTY_NAME=".count).filter { $0 != "\"" }
    }
  }

  /// Takes over the processors this process may run on from `/proc/self/status`.
  mutating func read(processStatus text: String) {
    for line in text.split(separator: "\n") where line.hasPrefix("Cpus_allowed_list:") {
      let ranges = line.dropFirst("Cpus_allowed_list:".count).split(separator: ",").map {
        Self.trimmed($0).split(separator: "-").compactMap { Int($0) }
      }
      let counts = ranges.map { range in
        range.isEmpty ? 0 : max(0, range[range.count - 1] &- range[0]) &+ 1
      }
      let sum = counts.reduce(0, &+)
      if sum > 0 { threads = sum }
    }
  }

  /// A text without the blanks at its ends.
  static func trimmed(_ text: Substring) -> String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\n" }
    let front = text.drop(while: isBlank)
    let length = front.reversed().drop(while: isBlank).count
    return String(front.prefix(length))
  }
}
