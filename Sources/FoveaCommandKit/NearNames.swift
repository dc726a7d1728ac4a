/// The name that was most likely meant, or `nil` where none is near.
///
/// Near means: equal but for case and dashes, a beginning of exactly one name, or a few typing slips
/// away (Damerau's: one letter wrong, missing, added, or two neighbours swapped).
public func closest(to name: String, among candidates: [String]) -> String? {
  // A hostile command line may hold megabytes; nothing that long is a slip.
  guard name.utf8.count <= 64 else { return nil }
  let typed = folded(name)
  guard !typed.isEmpty else { return nil }
  if let same = candidates.first(where: { folded($0) == typed }) { return same }
  let begun = candidates.filter { typed.count >= 2 && folded($0).starts(with: typed) }
  if begun.count == 1 { return begun[0] }
  let allowed = max(1, min(3, typed.count / 3))
  let ranked = candidates.map { candidate in
    let letters = folded(candidate)
    return (
      name: candidate, distance: editDistance(typed, letters),
      isElsewhere: letters.first != typed[0]
    )
  }
  // Of two names that are as near, the one with the same first letter was more likely meant.
  let nearest = ranked.min {
    ($0.distance, $0.isElsewhere ? 1 : 0) < ($1.distance, $1.isElsewhere ? 1 : 0)
  }
  guard let best = nearest else { return nil }
  return best.distance <= allowed && best.distance < typed.count ? best.name : begun.first
}

/// The letters that count when names are compared.
private func folded(_ name: String) -> [UInt8] {
  name.utf8.compactMap { byte in
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: " "): nil
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
    default: byte
    }
  }
}

/// The number of slips between two words (optimal string alignment).
func editDistance(_ first: [UInt8], _ second: [UInt8]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...second.count)
  for i in 0..<first.count {
    var row = [i + 1]
    for j in 0..<second.count {
      var best = min(last[j] + (first[i] == second[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
        best = min(best, beforeLast[j - 1] + 1)
      }
      row.append(best)
    }
    beforeLast = last
    last = row
  }
  return last[second.count]
}
