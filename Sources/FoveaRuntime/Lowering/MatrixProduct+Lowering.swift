import COneDNN
import FoveaCompiler
import FoveaTensor

extension MatrixProduct: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let type = vertex.operandTypes[0].elementType
    let sum = vertex.types[0].elementType
    guard type == .float32 || type == .bfloat16, sum == type || sum == .float32,
      let number = type.oneDNN, let sums = sum.oneDNN
    else { return false }
    if let layer = LinearLayer(self, vertex, plan), try layer.lower(vertex, into: plan) {
      return true
    }
    let x = try plan.plain(vertex.operands[0])
    let y = try plan.plain(vertex.operands[1])
    let z = plan.allocate(vertex.result(0))
    let rank = vertex.types[0].rank
    let left = try Descriptor.matrices(number, x.type.shape, transposesLeft, rank: rank)
    let right = try Descriptor.matrices(number, y.type.shape, transposesRight, rank: rank)
    let product = try Descriptor.plain(sums, vertex.types[0].shape.extents)
    let primitive = try Primitive {
      odn_matmul(left.pointer, right.pointer, nil, product.pointer, nil, $0)
    }
    try plan.emit(
      name, primitive, [(ODN_ARG_SRC, x), (ODN_ARG_WEIGHTS, y)], [(ODN_ARG_DST, z)],
      scope: vertex.scope)
    return true
  }
}

extension Descriptor {
  /// Row-major matrices as they are multiplied, with axes of extent 1 in front up to `rank`.
  fileprivate static func matrices(
    _ type: odn_type, _ shape: Shape, _ isTransposed: Bool, rank: Int
  ) throws(OneDNNError) -> Descriptor {
    var extents = [Int](repeating: 1, count: rank - shape.rank) + shape.extents
    var strides = Shape(extents).strides
    if isTransposed {
      extents.swapAt(rank - 1, rank - 2)
      strides.swapAt(rank - 1, rank - 2)
    }
    return try .plain(type, extents, strides: strides)
  }
}

/// A product with the weights `[out, in]` of a linear layer, or the gradient of one: oneDNN's inner
/// product, whose weights lie in blocks.
///
/// The three products of one layer share the layout of its weights, which a state keeps from run to
/// run. What is no state would have to be brought into it in every run; its products are plain ones,
/// and so are those of weights that a cache holds in any layout: there, plain products need neither
/// packing nor the barrier between threads of the inner product's weight gradient.
private struct LinearLayer {
  /// As many weights as 1 MiB of 32-bit numbers, the level 2 cache of a core.
  private static let smallestCount = 1 << 18

  private enum Pass {
    case forward, backwardData, backwardWeights
  }

  private let pass: Pass
  /// The state that holds the weights.
  private let weights: Graph.Value
  private let batch: Int
  private let inputs: Int
  private let outputs: Int
  /// Of the factors, and of the sums.
  private let numbers: (factors: odn_type, sums: odn_type)

  init?(_ product: MatrixProduct, _ vertex: LoweringVertex, _ plan: PlanBuilder) {
    let (x, y) = (vertex.operandTypes[0].shape, vertex.operandTypes[1].shape)
    guard x.rank == 2, y.rank == 2, let factors = vertex.operandTypes[0].elementType.oneDNN,
      let sums = vertex.types[0].elementType.oneDNN
    else { return nil }
    numbers = (factors, sums)
    let weightCount = product.transposesLeft ? x[1] * y[1] : y.count
    guard weightCount >= LinearLayer.smallestCount else { return nil }
    switch (product.transposesLeft, product.transposesRight) {
    case (false, true):
      guard LinearLayer.isState(vertex.operands[1], plan.graph) else { return nil }
      (pass, weights, batch, inputs, outputs) = (
        .forward, vertex.operands[1], x[0], x[1], y[0]
      )
    case (false, false):
      guard let weights = LinearLayer.weights(vertex.operands[1], plan.graph) else { return nil }
      self.weights = weights
      (pass, batch, inputs, outputs) = (.backwardData, x[0], y[1], y[0])
    case (true, false):
      // The gradient is wanted in the layout of the weights that meet the same operand.
      guard let weights = LinearLayer.weights(meeting: vertex, plan.graph) else { return nil }
      self.weights = weights
      (pass, batch, inputs, outputs) = (.backwardWeights, x[0], y[1], x[1])
    case (true, true):
      return nil
    }
  }

  /// Whether a value is a state, or one in fewer bits.
  private static func isState(_ value: Graph.Value, _ graph: Graph) -> Bool {
    let vertex = graph.vertices[value.vertex]
    if vertex.operation is Cast { return isState(vertex.operands[0], graph) }
    return vertex.operation == nil && vertex.role == .state
  }

  /// A state that is the weights of some linear layer.
  private static func weights(_ value: Graph.Value, _ graph: Graph) -> Graph.Value? {
    guard isState(value, graph) else { return nil }
    let isWeights = graph.vertices.contains { vertex in
      vertex.operands.count == 2 && vertex.operands[1] == value
        && vertex.operation as? MatrixProduct == MatrixProduct(transposesRight: true)
    }
    return isWeights ? value : nil
  }

  /// The weights whose gradient a product may be: those that meet its right operand on their way
  /// forward, and have the shape of its result.
  private static func weights(meeting gradient: LoweringVertex, _ graph: Graph) -> Graph.Value? {
    let forward = graph.vertices.first { vertex in
      vertex.operands.count == 2 && vertex.operands[0] == gradient.operands[1]
        && vertex.operation as? MatrixProduct == MatrixProduct(transposesRight: true)
        && isState(vertex.operands[1], graph)
        && graph.type(of: vertex.operands[1]).shape == gradient.types[0].shape
    }
    return forward?.operands[1]
  }

  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let weightNumber = pass == .backwardWeights ? numbers.sums : numbers.factors
    // The layout that the weights have already, or whichever is best.
    if let known = plan.layout(of: weights), case .engine(let descriptor) = known,
      descriptor.elementType == weightNumber,
      let primitive = try? primitive(weights: descriptor)
    {
      try emit(primitive, vertex, plan)
    } else {
      let any = try Descriptor.any(weightNumber, [outputs, inputs])
      try emit(try primitive(weights: any), vertex, plan)
    }
    return true
  }

  private func primitive(
    weights: Descriptor
  ) throws(OneDNNError) -> Primitive {
    let x = try Descriptor.plain(
      pass == .backwardData ? numbers.sums : numbers.factors, [batch, inputs])
    let y = try Descriptor.plain(
      pass == .forward ? numbers.sums : numbers.factors, [batch, outputs])
    switch pass {
    case .forward:
      return try Primitive {
        odn_inner_product_forward(0, x.pointer, weights.pointer, nil, y.pointer, nil, $0)
      }
    case .backwardData:
      return try Primitive {
        odn_inner_product_backward_data(x.pointer, weights.pointer, y.pointer, nil, $0)
      }
    case .backwardWeights:
      return try Primitive {
        odn_inner_product_backward_weights(x.pointer, weights.pointer, nil, y.pointer, nil, $0)
      }
    }
  }

  private func emit(
    _ primitive: Primitive, _ vertex: LoweringVertex, _ plan: PlanBuilder
  ) throws {
    let operands = vertex.operands
    switch pass {
    case .forward:
      let x = try plan.plain(operands[0])
      let w = try plan.value(operands[1], as: primitive.descriptor(ODN_ARG_WEIGHTS))
      let y = plan.allocate(vertex.result(0))
      try plan.emit(
        "linear", primitive, [(ODN_ARG_SRC, x), (ODN_ARG_WEIGHTS, w)], [(ODN_ARG_DST, y)],
        scope: vertex.scope)
    case .backwardData:
      let g = try plan.plain(operands[0])
      let w = try plan.value(operands[1], as: primitive.descriptor(ODN_ARG_WEIGHTS))
      let x = plan.allocate(vertex.result(0))
      try plan.emit(
        "linear image gradient", primitive, [(ODN_ARG_DIFF_DST, g), (ODN_ARG_WEIGHTS, w)],
        [(ODN_ARG_DIFF_SRC, x)], scope: vertex.scope)
    case .backwardWeights:
      let g = try plan.plain(operands[0])
      let x = try plan.plain(operands[1])
      let w = plan.allocate(vertex.result(0), try primitive.descriptor(ODN_ARG_DIFF_WEIGHTS))
      try plan.emit(
        "linear weight gradient", primitive, [(ODN_ARG_SRC, x), (ODN_ARG_DIFF_DST, g)],
        [(ODN_ARG_DIFF_WEIGHTS, w)], scope: vertex.scope)
    }
  }
}
