import Testing

@testable import FoveaCommandKit

@Suite struct NearNamesTests {
  @Test(arguments: [
    ("epoch", "epochs"), ("EPOCHS", "epochs"), ("memorylimit", "memory-limit"),
    ("memory_limit", "memory-limit"), ("optimiser", "optimizer"), ("optimzier", "optimizer"),
    ("bacth", "batch"), ("mem", "memory-limit"), ("opt", "optimizer"), ("lr ", "lr"),
  ])
  func theMeantNameIsFound(_ typed: String, _ meant: String) {
    let names = ["epochs", "memory-limit", "optimizer", "batch", "lr", "seed"]
    #expect(closest(to: typed, among: names) == meant)
  }

  @Test(arguments: ["", "-", "quantum", "x", "zz", String(repeating: "e", count: 65)])
  func nothingIsOfferedWithoutReason(_ typed: String) {
    #expect(closest(to: typed, among: ["epochs", "memory-limit", "optimizer", "batch"]) == nil)
  }

  @Test(arguments: [
    ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("ab", "ba", 1),
    ("ca", "abc", 3), ("train", "tarin", 1), ("adam", "adamw", 1),
  ])
  func distancesCountSlips(_ first: String, _ second: String, _ distance: Int) {
    #expect(editDistance(Array(first.utf8), Array(second.utf8)) == distance)
  }
}
