import Testing

@testable import FoveaCommandKit

@Suite struct SystemFactsTests {
  @Test func processorInformationOfLinuxIsRead() {
    var facts = SystemFacts()
    let text = (0..<4).map { thread in
      """
      processor\t: \(thread)
      model name\t: Example CPU @ 3.0GHz: fast
      physical id\t: 0
      core id\t\t: \(thread / 2)
      flags\t\t: fpu sse4_2 avx2 fma avx512f unknown_thing amx_tile
      """
    }
    facts.read(processorInformation: text.joined(separator: "\n\n"))
    #expect(facts.processor == "Example CPU @ 3.0GHz: fast")
    #expect(facts.cores == 2)
    #expect(facts.features == ["sse4_2", "avx2", "fma", "avx512f", "amx_tile"])
  }

  @Test func memoryIsReadInBytes() {
    var facts = SystemFacts()
    facts.read(
      memoryInformation: """
        MemTotal:       24683968 kB
        MemFree:               1 kB
        MemAvailable:   9223372036854775807 kB
        Odd
        """)
    #expect(facts.memory == 24_683_968 * 1024)
    #expect(facts.availableMemory == nil)
    facts.read(memoryLimit: "max\n")
    #expect(facts.memoryLimit == nil)
    facts.read(memoryLimit: "1073741824\n")
    #expect(facts.memoryLimit == 1 << 30)
  }

  @Test(arguments: [("0-7", 8), ("0-1,4,6-7", 5), ("3", 1)])
  func allowedProcessorsAreCounted(_ list: String, _ count: Int) {
    var facts = SystemFacts()
    facts.read(processStatus: "Name:\tx\nCpus_allowed_list:\t\(list)\nMems_allowed_list:\t0\n")
    #expect(facts.threads == count)
  }

  @Test(arguments: ["", "nothing", "0-9223372036854775807", "9-0", "-,-"])
  func strangeListsOfProcessorsLeaveOneThread(_ list: String) {
    var facts = SystemFacts()
    facts.read(processStatus: "Cpus_allowed_list:\t\(list)\n")
    #expect(facts.threads == 1)
  }

  @Test func thisMachineHasFacts() {
    let facts = SystemFacts.current()
    #expect(facts.threads >= 1)
    #expect((facts.memory ?? 0) > 1 << 20)
    #expect(facts.system != "unknown")
  }
}
