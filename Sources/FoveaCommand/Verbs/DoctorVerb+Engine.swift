import Fovea
import FoveaCommandKit

extension DoctorVerb {
  /// What only the engine and the readers know.
  static func engineEntries() -> [Entry] {
    let facts = EngineFacts.current
    return [
      text("oneDNN", "oneDNN", visible(facts.libraryVersion)),
      text("oneDNNInstructions", "oneDNN uses", visible(facts.libraryInstructions)),
      text("zlib", "zlib", visible(ReaderFacts.zlibVersion)),
      text("kernels", "kernels", facts.kernelVariant),
      flag("bfloat16", "bfloat16", facts.hasBFloat16),
      count("engineThreads", "compute threads", facts.threads),
      Entry(
        key: "cacheBytes", label: "caches",
        words: facts.cacheSizes.map(NumberText.bytes).joined(separator: ", "),
        value: .array(facts.cacheSizes.map(JSONValue.integer))),
      bytes("memoryLimitBytes", "memory limit", facts.memoryLimit, unknown: "what is free"),
      bytes(
        "allowedMemoryBytes", "a step may take",
        facts.allowedMemory == .max ? nil : facts.allowedMemory),
      text("tuning", "tuning", facts.tuning.rawValue),
      Entry(
        key: "kernelFile", label: "kernel file",
        words: facts.kernelFile.map { visible($0) } ?? "none",
        value: facts.kernelFile.map(JSONValue.string) ?? .null),
      count("measuredKernels", "measured kernels", facts.measuredKernels),
      text("libpng", "libpng", visible(PictureCodecs.pngVersion)),
    ]
  }

  /// A line that says yes or no.
  private static func flag(_ key: String, _ label: String, _ value: Bool) -> Entry {
    Entry(key: key, label: label, words: value ? "yes" : "no", value: .bool(value))
  }
}
