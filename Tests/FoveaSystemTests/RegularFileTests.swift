import Foundation
import Testing

@testable import FoveaSystem

@Suite struct RegularFileTests {
  private static func obstacle(_ path: String) -> FileObstacle? {
    do throws(FileObstacle) {
      let file = try RegularFile.open(path)
      _ = try file.bytes()
      return nil
    } catch {
      return error
    }
  }

  /// Longer than one thread reads at once, so that several do.
  @Test(arguments: [0, 1, 4096, 40_000_003]) func allBytesAreRead(_ count: Int) throws {
    let path = FileManager.default.temporaryDirectory.path + "/fovea-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    var state: UInt32 = 1
    let bytes = (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(truncatingIfNeeded: state >> 24)
    }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let file = try RegularFile.open(path)
    #expect(file.count == count)
    #expect(try file.bytes() == bytes)
  }

  /// The size was asked for before the file lost its end.
  @Test(arguments: [100, 50_000_000]) func aFileThatShrinksIsRefused(_ count: Int) throws {
    let path = FileManager.default.temporaryDirectory.path + "/fovea-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(count: count).write(to: URL(fileURLWithPath: path))
    let file = try RegularFile.open(path)
    try FileHandle(forWritingTo: URL(fileURLWithPath: path)).truncate(atOffset: 60)
    var obstacle: FileObstacle?
    do throws(FileObstacle) { _ = try file.bytes() } catch { obstacle = error }
    switch obstacle {
    case .shortened(let place): #expect(place >= 60 && place < count)
    default: Issue.record("\(String(describing: obstacle))")
    }
  }

  @Test func whatIsNoFileIsTold() {
    let folder = FileManager.default.temporaryDirectory.path
    #expect(Self.obstacle("no/such/file") == .missing)
    #expect(Self.obstacle("/dev/null/file") == .missing)
    #expect(Self.obstacle(folder) == .folder)
    #expect(Self.obstacle("/dev/null") == .special)
    #expect(Self.obstacle("/proc/self/status\0.txt") == .zeroInName)
  }
}
