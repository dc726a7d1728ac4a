/// What `ij,jk->ik` says: which axes of the operands are one and the same, and which are left.
struct EinsumEquation {
  /// The axes of each operand, `nil` where the three dots stand.
  let operands: [[Character?]]
  /// The axes of the result.
  let result: [Character?]

  init(_ text: String) throws(ShapeError) {
    let malformed = ShapeError(
      "einsum", "“\(text)” may hold letters, commas, “...” and one “->” only")
    let plain = text.filter { $0 != " " }
    let sides = plain.split(separator: "-", maxSplits: 2, omittingEmptySubsequences: false)
    guard sides.count <= 2, sides.count == 1 || sides[1].first == ">" else { throw malformed }
    var operands: [[Character?]] = []
    for term in sides[0].split(separator: ",", omittingEmptySubsequences: false) {
      guard let axes = EinsumEquation.axes(term) else { throw malformed }
      operands.append(axes)
    }
    if sides.count == 2 {
      guard let axes = EinsumEquation.axes(sides[1].dropFirst()) else { throw malformed }
      result = axes
    } else {
      result = EinsumEquation.implied(operands)
    }
    self.operands = operands
    for letter in result.compactMap({ $0 }) {
      guard operands.contains(where: { $0.contains(letter) }) else {
        throw ShapeError("einsum", "the result's axis “\(letter)” is in no operand")
      }
      guard result.count(where: { $0 == letter }) == 1 else {
        throw ShapeError("einsum", "the result names axis “\(letter)” twice")
      }
    }
  }

  /// Without an arrow: the dots, then every letter that occurs once, in alphabetical order.
  private static func implied(_ operands: [[Character?]]) -> [Character?] {
    let all = operands.joined()
    let once = all.compactMap { $0 }.filter { letter in all.count(where: { $0 == letter }) == 1 }
    return (all.contains(nil) ? [nil] : []) + once.sorted().map { $0 }
  }

  private static func axes(_ term: Substring) -> [Character?]? {
    var axes: [Character?] = []
    var rest = term
    while let first = rest.first {
      if rest.hasPrefix("..."), !axes.contains(nil) {
        axes.append(nil)
        rest = rest.dropFirst(3)
      } else {
        guard first.isASCII, first.isLetter else { return nil }
        axes.append(first)
        rest = rest.dropFirst()
      }
    }
    return axes
  }
}
