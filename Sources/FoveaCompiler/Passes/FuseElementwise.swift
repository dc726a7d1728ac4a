import FoveaTensor

extension Pass {
  /// Runs neighbouring element-wise operators of one shape as one pass over memory.
  package static let fuseElementwise = Pass(
    "fuse-element-wise", because: "memory is read and written once per chain, not per operator"
  ) { graph in
    let clusters = ElementwiseClusters(graph)
    return clusters.fused()
  }
}

/// Which element-wise vertices run together.
private struct ElementwiseClusters {
  private let graph: Graph
  /// By vertex; −1 outside of any.
  private var cluster: [Int]
  private var members: [[Int]] = []
  private var users: [[Int]]
  /// Vertices that outputs of the graph name.
  private var isOutput: [Bool]

  /// The most instructions of a chain, and the most different values it reads.
  private static let instructionLimit = 60
  private static let operandLimit = 24
  /// Values that are alive at once; the interpreter has 16 registers and needs some to load into.
  private static let pressureLimit = 11

  init(_ graph: Graph) {
    self.graph = graph
    cluster = [Int](repeating: -1, count: graph.vertices.count)
    users = graph.users()
    isOutput = cluster.map { _ in false }
    for output in graph.outputs { isOutput[output.vertex] = true }
    for (index, vertex) in graph.vertices.enumerated() where isElementwise(vertex) {
      join(index)
    }
  }

  private func isElementwise(_ vertex: Graph.Vertex) -> Bool {
    vertex.operation is any ElementwiseOperator && vertex.types[0].elementType.isChainable
      && vertex.operands.allSatisfy { graph.type(of: $0).elementType.isChainable }
  }

  /// Makes a chain of a vertex and those of its operands' chains that can run together with it.
  private mutating func join(_ index: Int) {
    let shape = graph.vertices[index].types[0].shape
    let own = members.count
    var together = [index]
    cluster[index] = own
    members.append(together)
    for operand in graph.vertices[index].operands.reversed() {
      let candidate = cluster[operand.vertex]
      guard candidate >= 0, candidate != own,
        graph.vertices[operand.vertex].types[0].shape == shape
      else { continue }
      let joined = (members[candidate] + together).sorted()
      guard fits(joined), isClosed(joined, candidate, own) else { continue }
      together = joined
      for member in members[candidate] { cluster[member] = own }
      members[candidate] = []
      members[own] = joined
    }
  }

  private func fits(_ all: [Int]) -> Bool {
    guard all.count <= Self.instructionLimit else { return false }
    let inside = Set(all)
    let outside = Set(
      all.flatMap { graph.vertices[$0].operands }.filter { !inside.contains($0.vertex) })
    return outside.count <= Self.operandLimit && pressure(all) <= Self.pressureLimit
  }

  /// The most results of `all` that are still to be read at one time.
  private func pressure(_ all: [Int]) -> Int {
    var last: [Int: Int] = [:]
    for (position, vertex) in all.enumerated() {
      for operand in graph.vertices[vertex].operands { last[operand.vertex] = position }
    }
    var alive = 0
    var most = 0
    var ending = [Int](repeating: 0, count: all.count)
    for (position, vertex) in all.enumerated() {
      alive += 1
      most = max(most, alive)
      ending[max(last[vertex] ?? position, position)] += 1
      alive -= ending[position]
    }
    return most
  }

  /// Whether nothing outside of two chains lies between them: a vertex that needs a part of the
  /// chain and is needed by another could run neither before nor after it.
  private func isClosed(_ all: [Int], _ first: Int, _ second: Int) -> Bool {
    let earliest = all[0]
    var seen = Set(all)
    var stack = all.flatMap { graph.vertices[$0].operands.map(\.vertex) }
      .filter { !seen.contains($0) }
    while let vertex = stack.popLast() {
      guard seen.insert(vertex).inserted else { continue }
      // What a chain reads, all its members wait for.
      let together = cluster[vertex] >= 0 ? members[cluster[vertex]] : [vertex]
      for member in together {
        seen.insert(member)
        for operand in graph.vertices[member].operands {
          let owner = cluster[operand.vertex]
          if owner >= 0, owner == first || owner == second { return false }
          if operand.vertex >= earliest || owner >= 0 { stack.append(operand.vertex) }
        }
      }
    }
    return true
  }

  /// The graph with each chain as one vertex.
  func fused() -> Graph {
    var result = Graph()
    var place: [Graph.Value: Graph.Value] = [:]
    for index in order() {
      let vertex = graph.vertices[index]
      if cluster[index] >= 0, members[cluster[index]].count > 1 {
        emit(members[cluster[index]], into: &result, &place)
        continue
      }
      var copied = vertex
      copied.operands = vertex.operands.map { place[$0]! }
      if vertex.operation == nil { result.inputs.append(result.vertices.count) }
      for number in vertex.types.indices {
        place[Graph.Value(index, number)] = Graph.Value(result.vertices.count, number)
      }
      result.vertices.append(copied)
    }
    result.outputs = graph.outputs.map { place[$0]! }
    return result
  }

  /// Vertices in an order in which chains are whole; a chain is named by its last member.
  private func order() -> [Int] {
    var order: [Int] = []
    var done = [Bool](repeating: false, count: graph.vertices.count)
    var stack: [(vertices: [Int], next: Int, operands: [Int])] = []
    func enter(_ vertex: Int) {
      guard !done[vertex] else { return }
      let together = cluster[vertex] >= 0 ? members[cluster[vertex]] : [vertex]
      for member in together { done[member] = true }
      let inside = Set(together)
      let operands = together.flatMap { graph.vertices[$0].operands.map(\.vertex) }
        .filter { !inside.contains($0) }
      stack.append((together, 0, operands))
    }
    // Runs bind inputs by position: they keep their order.
    for input in graph.inputs {
      done[input] = true
      order.append(input)
    }
    for vertex in graph.vertices.indices {
      enter(vertex)
      while let (vertices, next, operands) = stack.last {
        if next < operands.count {
          stack[stack.count - 1].next += 1
          enter(operands[next])
        } else {
          order.append(vertices[vertices.count - 1])
          stack.removeLast()
        }
      }
    }
    return order
  }

  private func emit(
    _ all: [Int], into result: inout Graph, _ place: inout [Graph.Value: Graph.Value]
  ) {
    let inside = Set(all)
    var operands: [Graph.Value] = []
    for vertex in all {
      for operand in graph.vertices[vertex].operands
      where !inside.contains(operand.vertex) && !operands.contains(operand) {
        operands.append(operand)
      }
    }
    var number: [Graph.Value: Int] = [:]
    for (position, operand) in operands.enumerated() { number[operand] = position }
    var instructions: [ElementwiseChain.Instruction] = []
    var outputs: [Int] = []
    for vertex in all {
      instructions.append(
        ElementwiseChain.Instruction(
          graph.vertices[vertex].operation as! any ElementwiseOperator,
          graph.vertices[vertex].operands.map { number[$0]! }))
      let own = operands.count + instructions.count - 1
      number[Graph.Value(vertex)] = own
      guard isOutput[vertex] || users[vertex].contains(where: { !inside.contains($0) }) else {
        continue
      }
      place[Graph.Value(vertex)] = Graph.Value(result.vertices.count, outputs.count)
      outputs.append(own)
    }
    let chain = ElementwiseChain(
      operandCount: operands.count, instructions: instructions, outputs: outputs)
    result.vertices.append(
      Graph.Vertex(
        chain, operands.map { place[$0]! },
        all.filter { place[Graph.Value($0)] != nil }.map { graph.vertices[$0].types[0] },
        scope: graph.vertices[all[all.count - 1]].scope))
  }
}

extension ElementType {
  /// Whether element-wise chains compute with this kind of number: in `Float`, so that whole numbers
  /// of 32 bits and more would lose digits.
  package var isChainable: Bool {
    switch self {
    case .float32, .bfloat16, .float16, .int8, .uint8, .bool: true
    case .float64, .int32, .int64: false
    }
  }
}
