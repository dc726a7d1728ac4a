/// What a machine makes of moving bytes: what chunking weighs.
package struct ChunkingModel: Sendable {
  /// Bytes that the cores have close to them.
  package let nearByteCount: Int
  /// Bytes that stay away from memory.
  package let farByteCount: Int
  /// What a step costs whatever it computes, in bytes that memory could have moved meanwhile.
  package let stepCost: Double
  /// How many images a vertex takes at once to run at full speed; given its operands' shapes.
  package let leastImages: @Sendable (Graph, Graph.Vertex) -> Int

  package init(
    nearByteCount: Int, farByteCount: Int, stepCost: Double = 200_000,
    leastImages: @escaping @Sendable (Graph, Graph.Vertex) -> Int = { _, _ in 1 }
  ) {
    self.nearByteCount = nearByteCount
    self.farByteCount = farByteCount
    self.stepCost = stepCost
    self.leastImages = leastImages
  }

  /// What moving bytes costs that are part of a working set.
  func cost(_ byteCount: Double, within workingSet: Double) -> Double {
    if workingSet <= Double(nearByteCount) { return byteCount * 0.05 }
    return workingSet <= Double(farByteCount) ? byteCount * 0.3 : byteCount
  }
}
