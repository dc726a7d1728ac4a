import FoveaTensor

/// The scale of every value that is kept in bytes. What is moved keeps its scale, so that values
/// which one operator moves share one: the parts of a list, the pixels before and after a pool.
struct ByteScales {
  private var scales: [Graph.Value: ByteScale] = [:]

  /// - Parameter ranges: by the values of the choice, in order.
  init(_ graph: Graph, _ choice: QuantizationChoice, _ ranges: [ClosedRange<Float>]) {
    var leader: [Graph.Value: Graph.Value] = [:]
    func find(_ value: Graph.Value) -> Graph.Value {
      var value = value
      while let next = leader[value] { value = next }
      return value
    }
    for (index, vertex) in graph.vertices.enumerated() {
      let result = Graph.Value(index)
      guard case .mover = choice.roles[index], choice.narrow.contains(result) else { continue }
      for operand in vertex.operands {
        let (own, other) = (find(result), find(operand))
        if own != other { leader[own] = other }
      }
    }
    var extremes: [Graph.Value: ClosedRange<Float>] = [:]
    for (value, range) in zip(choice.values, ranges) {
      let group = find(value)
      let known = extremes[group] ?? range
      extremes[group] =
        min(known.lowerBound, range.lowerBound)...max(known.upperBound, range.upperBound)
    }
    for value in choice.values {
      let range = extremes[find(value)]!
      scales[value] = ByteScale(
        holding: max(-range.lowerBound, range.upperBound), isSigned: range.lowerBound < 0)
    }
  }

  subscript(_ value: Graph.Value) -> ByteScale { scales[value]! }
}
