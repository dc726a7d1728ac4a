import FoveaTensor

extension Pass {
  /// Takes a batch through stretches of a network a few images at a time.
  package static func chunkBatch(_ model: ChunkingModel) -> Pass {
    Pass("chunk-batch", because: "what a layer leaves is still in the caches for the next") {
      graph in
      guard let region = BatchRegion(graph) else { return graph }
      let choice = ChunkChoice(graph, region, model)
      guard choice.segments.contains(where: { $0.images < region.batch }) else { return graph }
      return ChunkedGraph(graph, region).written(choice.segments)
    }
  }
}

/// Writes a graph again with its batch in chunks.
private struct ChunkedGraph {
  let graph: Graph
  let region: BatchRegion
  private let users: [[Int]]

  init(_ graph: Graph, _ region: BatchRegion) {
    self.graph = graph
    self.region = region
    users = graph.users()
  }

  func written(_ segments: [ChunkChoice.Segment]) -> Graph {
    var target = Graph()
    /// Where whole values have gone.
    var moved: [Graph.Value: Graph.Value] = [:]
    func copy(_ index: Int) {
      var vertex = graph.vertices[index]
      vertex.operands = vertex.operands.map { moved[$0]! }
      if vertex.operation == nil { target.inputs.append(target.vertices.count) }
      for result in vertex.types.indices {
        moved[Graph.Value(index, result)] = Graph.Value(target.vertices.count, result)
      }
      target.vertices.append(vertex)
    }
    func isMember(_ index: Int) -> Bool { region.position[index] != nil }
    func dependsOnBatch(_ index: Int) -> Bool {
      graph.vertices[index].operands.contains { moved[$0] == nil }
    }
    // First what no image has a part in; last what all images have.
    for index in graph.vertices.indices where !isMember(index) && !dependsOnBatch(index) {
      copy(index)
    }
    for segment in segments { append(segment, to: &target, &moved) }
    for index in graph.vertices.indices
    where !isMember(index) && moved[Graph.Value(index)] == nil { copy(index) }
    target.outputs = graph.outputs.map { moved[$0]! }
    return target
  }

  private func append(
    _ segment: ChunkChoice.Segment, to target: inout Graph,
    _ moved: inout [Graph.Value: Graph.Value]
  ) {
    let members = segment.members.map { region.members[$0] }
    let isWhole = segment.images == region.batch
    var parts: [Graph.Value: [Graph.Value]] = [:]
    for start in stride(from: 0, to: region.batch, by: segment.images) {
      var here: [Graph.Value: Graph.Value] = [:]
      for index in members {
        let vertex = graph.vertices[index]
        let operands = vertex.operands.map { value -> Graph.Value in
          if let known = here[value] { return known }
          let whole = moved[value]!
          guard region.isBatched[value.vertex], !isWhole else { return whole }
          let part = record(slice(of: value, start, segment.images), [whole], nil, &target)
          here[value] = Graph.Value(part)
          return Graph.Value(part)
        }
        let operation = region.rebatched(vertex, of: graph, to: segment.images)!
        let made = record(operation, operands, vertex.scope, &target)
        for result in vertex.types.indices {
          here[Graph.Value(index, result)] = Graph.Value(made, result)
        }
      }
      for (value, part) in here where region.position[value.vertex] != nil {
        parts[value, default: []].append(part)
      }
    }
    for index in members {
      for result in graph.vertices[index].types.indices {
        let value = Graph.Value(index, result)
        guard isWhole || isNeeded(value, beyond: segment) else { continue }
        moved[value] =
          isWhole
          ? parts[value]![0]
          : Graph.Value(record(Concatenate(axis: 0), parts[value]!, nil, &target))
      }
    }
  }

  /// Whether somebody outside of a segment reads this value.
  private func isNeeded(_ value: Graph.Value, beyond segment: ChunkChoice.Segment) -> Bool {
    if graph.outputs.contains(value) { return true }
    return users[value.vertex].contains { user in
      guard graph.vertices[user].operands.contains(value) else { return false }
      return region.position[user].map { !segment.members.contains($0) } ?? true
    }
  }

  private func slice(of value: Graph.Value, _ start: Int, _ count: Int) -> Slice {
    let shape = graph.type(of: value).shape
    var (from, to) = ([Int](repeating: 0, count: shape.rank), shape.extents)
    (from[0], to[0]) = (start, start + count)
    return Slice(start: from, end: to, step: from.map { _ in 1 })
  }

  private func record(
    _ operation: any Operator, _ operands: [Graph.Value], _ scope: RecordingScope?,
    _ target: inout Graph
  ) -> Int {
    do {
      return try target.append(operation, operands, scope: scope)
    } catch {
      preconditionFailure("a chunk of a batch was refused: \(error)")
    }
  }
}
