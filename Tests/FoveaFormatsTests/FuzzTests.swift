import Foundation
import FoveaFormats
import FoveaTensor
import Testing

/// Damaged files must be refused or read, without a crash, a hang, or more memory than they are worth.
@Suite(.serialized) struct FuzzTests {
  static let files = [
    "types.pth", "types.protocol4.pth", "types.legacy.pth", "types.safetensors", "views.pth",
    "views.legacy.pth", "trained.pth", "trained.legacy.pth",
  ]

  /// Reads bytes as if they were a file, and uses every number; says whether they were accepted.
  fileprivate static func accepts(_ bytes: [UInt8]) throws -> Bool {
    let weights: Weights
    do throws(FileError) {
      weights = try Weights.decode(bytes, named: "fuzz")
    } catch {
      #expect(!error.description.isEmpty)
      return false
    }
    let size = weights.tensors.values.reduce(0) { $0 + $1.type.byteCount }
    #expect(size <= 16 * bytes.count + 1 << 20)
    for tensor in weights.tensors.values { #expect(tensor.value?.plain().type == tensor.type) }
    return true
  }

  @Test(arguments: files) func everyBeginningIsRefused(_ name: String) throws {
    let bytes = try GoldenWeights.bytes(name)
    #expect(try Self.accepts(bytes))
    for count in 0..<bytes.count {
      #expect(try !Self.accepts(Array(bytes.prefix(count))), "\(count) bytes")
    }
  }

  /// What once broke a reader, and what fuzzing begins with.
  @Test(arguments: ["safetensors", "torch-zip", "torch-pickle", "torch-legacy"])
  func keptFilesAreSurvived(_ target: String) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Fuzz/corpus/\(target)").standardizedFileURL
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(!names.isEmpty)
    for name in names.sorted() {
      let bytes = [UInt8](try Data(contentsOf: folder.appending(path: name)))
      let time = try ContinuousClock().measure { _ = try Self.accepts(bytes) }
      #expect(time < .seconds(1), "\(name)")
    }
  }

  @Test(arguments: files) func flippedBitsAreSurvived(_ name: String) throws {
    var bytes = try GoldenWeights.bytes(name)
    var accepted = 0
    // All bits of the smaller files, and every seventh of the larger: another one of each byte.
    for bit in stride(from: 0, to: bytes.count * 8, by: bytes.count > 2500 ? 7 : 1) {
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      if try Self.accepts(bytes) { accepted += 1 }
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
    }
    // The numbers themselves may be anything; what describes them may not.
    #expect(accepted > 0)
    #expect(accepted < bytes.count * 8)
  }

  /// In a process of its own, so that its memory is that of the readers alone.
  @Test func thousandsOfMutationsAreSurvived() async {
    await #expect(processExitsWith: .success) {
      let seeds = try FuzzTests.files.map { try GoldenWeights.bytes($0) }
      var random = PhiloxGenerator(seed: 20)
      let clock = ContinuousClock()
      let before = FuzzTests.peakMemory
      var accepted = 0
      var slowest = Duration.zero
      for _ in 0..<20_000 {
        let bytes = FuzzTests.mutated(seeds, &random)
        let time = try clock.measure { if try FuzzTests.accepts(bytes) { accepted += 1 } }
        slowest = max(slowest, time)
      }
      #expect(accepted > 100)
      #expect(slowest < .seconds(1))
      #expect(FuzzTests.peakMemory - before < 64 << 20)
    }
  }

  /// One of the seeds after a few changes that parsers find hard.
  fileprivate static func mutated(
    _ seeds: [[UInt8]], _ random: inout some RandomNumberGenerator
  ) -> [UInt8] {
    var bytes = seeds.randomElement(using: &random) ?? []
    let hard: [UInt64] = [0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 1 << 31, 0xFFFF_FFFF, 1 << 63, .max]
    for _ in 0..<Int.random(in: 1...6, using: &random) where bytes.count > 16 {
      let place = Int.random(in: 0..<bytes.count - 8, using: &random)
      switch Int.random(in: 0..<7, using: &random) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: bytes.removeSubrange(place..<place + Int.random(in: 1...8, using: &random))
      case 3:
        let other = seeds.randomElement(using: &random) ?? []
        let start = Int.random(in: 0..<other.count, using: &random)
        let part = other[start..<min(other.count, start + 40)]
        bytes.insert(contentsOf: part, at: place)
      case 4:
        let width = [1, 2, 4, 8].randomElement(using: &random) ?? 1
        let value = hard.randomElement(using: &random) ?? 0
        bytes.replaceSubrange(place..<place + width, with: little(value, width))
      case 5: bytes.swapAt(place, Int.random(in: 0..<bytes.count, using: &random))
      default:
        let digits = Array("0123456789".utf8)
        bytes[place] = digits.randomElement(using: &random) ?? 0
      }
    }
    return bytes
  }

  /// The most memory the process ever used, in bytes.
  fileprivate static var peakMemory: Int {
    var usage = rusage()
    #if canImport(Darwin)
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #else
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss * 1024
    #endif
  }
}
