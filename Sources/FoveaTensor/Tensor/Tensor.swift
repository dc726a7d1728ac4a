/// A value that has been described, and perhaps not yet computed.
public struct Tensor: Sendable {
  package var node: Node
  package let index: Int

  package init(_ node: Node, _ index: Int = 0) {
    self.node = node
    self.index = index
  }

  public var type: TensorType { node.types[index] }
  public var shape: Shape { type.shape }
  public var elementType: ElementType { type.elementType }
  public var rank: Int { shape.rank }

  /// The value, if it has been computed or is a leaf.
  package var value: (any StoredValue)? { node.values?[index] }
}

extension Tensor {
  /// A leaf that holds `scalars`, in row-major order.
  ///
  ///     let x = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
  public init(
    _ scalars: [Float], shape: Shape, file: StaticString = #fileID, line: UInt = #line
  ) {
    let type = TensorType(shape)
    Tensor.check(scalars.count, fit: type, file, line)
    let value = PlainValue(type) { bytes in
      scalars.withUnsafeBytes { bytes.copyMemory(from: $0) }
    }
    self.init(Node(leaf: value))
  }

  /// A leaf that holds `scalars`, rounded to `elementType`.
  public init(
    _ scalars: [Double], shape: Shape, as elementType: ElementType,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let type = TensorType(shape, elementType)
    Tensor.check(scalars.count, fit: type, file, line)
    self.init(Node(leaf: PlainValue(type, scalars)))
  }

  /// A leaf of rank 0: a number that may change from run to run without a new plan.
  public init(_ scalar: Float) { self.init([scalar], shape: []) }

  package init(_ value: any StoredValue, role: Node.Role = .data) {
    self.init(Node(leaf: value, role: role))
  }

  private static func check(
    _ count: Int, fit type: TensorType, _ file: StaticString, _ line: UInt
  ) {
    trapping(file: file, line: line) { () throws(ShapeError) in
      try type.validate("tensor")
      guard type.shape.count == count else {
        throw ShapeError(
          "tensor", "shape \(type.shape) needs \(type.shape.count) scalars, got \(count)")
      }
    }
  }

  package init(_ array: HostArray) { self.init(PlainValue(array)) }
}

extension Tensor {
  /// Records `operation`, or throws the reason it cannot be. For importers and tools.
  public static func recordingAll(
    _ operation: some Operator, _ operands: [Tensor]
  ) throws(ShapeError) -> [Tensor] {
    let types = try operation.types(of: operands.map(\.type))
    for type in types { try type.validate(operation.name) }
    let node = Node(operation, operands, types)
    return types.indices.map { Tensor(node, $0) }
  }

  /// Records an operator with one result, or throws the reason it cannot be.
  public static func recording(
    _ operation: some Operator, _ operands: [Tensor]
  ) throws(ShapeError) -> Tensor {
    try recordingAll(operation, operands)[0]
  }

  /// Records `operation`. Operands that do not fit are a programming error and stop the program.
  public static func record(
    _ operation: some Operator, _ operands: Tensor...,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    trapping(file: file, line: line) { () throws(ShapeError) in
      try recording(operation, operands)
    }
  }

  /// Runs recording code that may refuse, and stops the program with its words when it does.
  public static func trapping<Result>(
    file: StaticString, line: UInt, _ body: () throws(ShapeError) -> Result
  ) -> Result {
    do { return try body() } catch { refuse(error, file: file, line: line) }
  }
}

extension Tensor: CustomStringConvertible {
  public var description: String {
    "Tensor(\(type)\(node.values == nil ? ", not yet computed" : ""))"
  }
}
