import Foundation
import Fovea
import FoveaCommandKit
import Testing

@Suite struct DoctorTests {
  @Test func theEngineIsReported() throws {
    let run = VerbRun("doctor", "--json")
    #expect(run.code == .success)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(object["schema"] as? String == "fovea.doctor/1")
    let version = try #require(object["oneDNN"] as? String)
    #expect(version.split(separator: ".").count == 3)
    #expect(["avx512", "avx2", "portable"].contains(object["kernels"] as? String))
    #expect(object["engineThreads"] as? Int == EngineFacts.current.threads)
    #expect((object["cacheBytes"] as? [Int])?.count == 2)
    #expect(object["memoryLimitBytes"] is NSNull)
    #expect((object["allowedMemoryBytes"] as? Int ?? 0) > 1 << 20)
  }

  @Test func everyFactHasALine() {
    let run = VerbRun("doctor")
    let labels = run.output.split(separator: "\n").map {
      $0.prefix(17).trimmingCharacters(in: .whitespaces)
    }
    for label in ["processor", "oneDNN", "kernels", "compute threads", "kernel file", "tuning"] {
      #expect(labels.contains { $0.hasPrefix(label) }, "\(label)")
    }
    #expect(run.messages.isEmpty)
  }
}
