import CKernels
import COneDNN

/// What a measurement holds for: another processor, library or number of threads needs its own.
enum Machine {
  static var description: String {
    "\(processor); \(instructions); \(fk_threads()) threads; oneDNN \(libraryVersion); "
      + "candidates \(KernelTable.revision)"
  }

  /// Channels in one vector, and so in one block.
  static var channelBlock: Int { fk_cpu_has_avx512() != 0 ? 16 : 8 }

  private static let processor: String = {
    var name = [CChar](repeating: 0, count: 256)
    fk_cpu_name(&name, name.count)
    let text = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    // One line of a file holds it.
    return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }()

  private static let instructions: String = {
    let best = KernelVariant.best.rawValue
    return fk_cpu_has_bf16() != 0 ? best + "+bf16" : best
  }()

  static var libraryVersion: String {
    let version = Int(odn_version())
    return "\(version / 10_000).\(version / 100 % 100).\(version % 100)"
  }
}
