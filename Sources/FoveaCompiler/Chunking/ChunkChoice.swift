import FoveaTensor

/// Stretches of a region that are taken through a batch a few images at a time.
struct ChunkChoice {
  struct Segment: Hashable {
    let members: Range<Int>
    /// Images at a time; a divisor of the batch.
    let images: Int
  }

  /// One after the other; together all members.
  private(set) var segments: [Segment] = []

  /// The cheapest cut there is: of all ways to cut the members into stretches, found from the front.
  init(_ graph: Graph, _ region: BatchRegion, _ model: ChunkingModel) {
    let users = graph.users()
    let members = region.members.map { Member($0, users[$0], graph, region, model) }
    let sizes = (1...region.batch).filter { region.batch % $0 == 0 }
    var best = [(cost: 0.0, segment: Segment?.none)]
    best += members.map { _ in (.infinity, nil) }
    for start in members.indices {
      for images in sizes {
        var stretch = Stretch(start: start, images: images, batch: region.batch)
        for end in start + 1...members.count {
          stretch.add(members[end - 1])
          guard stretch.leastImages <= images else { break }
          let cost = best[start].cost + stretch.cost(model)
          // Among equals the larger chunk is the simpler plan.
          if cost <= best[end].cost {
            best[end] = (cost, Segment(members: start..<end, images: images))
          }
        }
      }
    }
    var end = members.count
    while let segment = best[end].segment {
      segments.append(segment)
      end = segment.members.lowerBound
    }
    segments.reverse()
  }
}

/// A vertex of a region with what it moves, in bytes.
private struct Member {
  /// Of each image: what is written, and who reads it last, counted among members; `Int.max` for
  /// readers beyond them.
  let written: Double
  let lastReader: Int
  /// Of each image: what is read, and which member wrote it; −1 for inputs.
  let read: [(byteCount: Double, writer: Int)]
  /// Whether it moves nothing for a single image whose parts are made side by side.
  let isFreeForOne: Bool
  /// Weights, once for all images.
  let weights: Double
  let leastImages: Int

  init(
    _ index: Int, _ users: [Int], _ graph: Graph, _ region: BatchRegion, _ model: ChunkingModel
  ) {
    let vertex = graph.vertices[index]
    let batch = Double(region.batch)
    func byteCount(_ value: Graph.Value) -> Double { Double(graph.type(of: value).byteCount) }
    isFreeForOne = vertex.operation is Concatenate
    let batched = vertex.operands.filter { region.isBatched[$0.vertex] }
    read = batched.map { (byteCount($0) / batch, region.position[$0.vertex] ?? -1) }
    weights = vertex.operands.filter { !region.isBatched[$0.vertex] }.map(byteCount).reduce(0, +)
    written = byteCount(Graph.Value(index)) / batch
    leastImages = min(model.leastImages(graph, vertex), region.batch)
    let isOutput = graph.outputs.contains { $0.vertex == index }
    lastReader = isOutput ? .max : users.map { region.position[$0] ?? .max }.max() ?? -1
  }
}

/// A stretch of members that grows at its end.
private struct Stretch {
  let start: Int
  let images: Double
  let batch: Double
  private(set) var leastImages = 1
  private var end: Int
  /// Bytes of an image that are alive after the last member, by last reader.
  private var alive: [(byteCount: Double, lastReader: Int)] = []
  private var aliveByteCount = 0.0
  private var most = 0.0
  private var inside = 0.0
  private var entering = 0.0
  private var weights = 0.0
  private var steps = 0.0

  init(start: Int, images: Int, batch: Int) {
    self.start = start
    self.images = Double(images)
    self.batch = Double(batch)
    end = start
  }

  mutating func add(_ member: Member) {
    leastImages = max(leastImages, member.leastImages)
    weights += member.weights
    let isFree =
      member.isFreeForOne && images == 1 && member.read.allSatisfy { $0.writer >= start }
    steps += isFree ? 0 : 1
    var external = 0.0
    for operand in member.read {
      if operand.writer >= start {
        inside += isFree ? 0 : operand.byteCount
      } else {
        external += operand.byteCount
      }
    }
    entering += external
    inside += isFree ? 0 : member.written
    aliveByteCount += member.written
    alive.append((member.written, member.lastReader))
    most = max(most, (aliveByteCount + external) * images + member.weights)
    let now = end
    alive.removeAll { value in
      guard value.lastReader <= now else { return false }
      aliveByteCount -= value.byteCount
      return true
    }
    end += 1
  }

  func cost(_ model: ChunkingModel) -> Double {
    let rounds = batch / images
    // What leaves is written to memory once more than what stays.
    let crossing = model.cost(
      batch * (entering + aliveByteCount), within: batch * (entering + aliveByteCount))
    let staying = model.cost(batch * max(inside - aliveByteCount, 0), within: most)
    let again = model.cost((rounds - 1) * weights, within: weights + most)
    return crossing + staying + weights + again + rounds * steps * model.stepCost
  }
}
