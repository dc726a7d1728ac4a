/// Row-major numbers of the tensor's own element type, in memory of their own or among the bytes of a file;
/// never changed once shared.
package final class PlainValue: StoredValue, @unchecked Sendable {
  package let type: TensorType
  package let bytes: UnsafeMutableRawBufferPointer
  /// What the memory belongs to; `nil` when it is the value's own.
  private let owner: AnyObject?

  /// Memory of the right size whose contents `fill` must write.
  package init(_ type: TensorType, fill: (UnsafeMutableRawBufferPointer) throws -> Void) rethrows {
    self.type = type
    owner = nil
    // Vector code reads whole cache lines: there is always one more than the numbers need.
    bytes = .allocate(byteCount: (type.byteCount + 127) & ~63, alignment: 64)
    try fill(UnsafeMutableRawBufferPointer(rebasing: bytes[..<type.byteCount]))
  }

  /// Numbers where they already are, for as long as `owner` lives. Nobody writes there, and 64 bytes
  /// beyond the end can be read.
  package init(
    _ type: TensorType, borrowing bytes: UnsafeMutableRawBufferPointer, of owner: AnyObject
  ) {
    self.type = type
    self.bytes = bytes
    self.owner = owner
  }

  deinit { if owner == nil { bytes.deallocate() } }

  package func plain() -> PlainValue { self }
}

extension PlainValue {
  /// A copy of `scalars`, rounded to the element type of `type`.
  package convenience init(_ type: TensorType, _ scalars: [Double]) {
    guard scalars.count == type.shape.count else {
      fatalError("shape \(type.shape) needs \(type.shape.count) scalars, got \(scalars.count)")
    }
    self.init(type) { type.store(scalars, to: $0.baseAddress!) }
  }

  package convenience init(_ array: HostArray) { self.init(array.type, array.scalars) }

  /// The numbers as `Double`.
  package var scalars: [Double] { type.load(from: bytes.baseAddress!) }

  /// The numbers as `Float`.
  package var floats: [Float] {
    guard type.elementType == .float32 else { return scalars.map(Float.init) }
    return Array(bytes[..<type.byteCount].assumingMemoryBound(to: Float.self))
  }

  package var hostArray: HostArray { HostArray(type, scalars) }
}

extension TensorType {
  /// Writes numbers in row-major order, each rounded to the element type.
  package func store(_ scalars: [Double], to memory: UnsafeMutableRawPointer) {
    func store<T>(_ convert: (Double) -> T) {
      let target = memory.assumingMemoryBound(to: T.self)
      for (index, scalar) in scalars.enumerated() {
        target[index] = convert(elementType.rounded(scalar))
      }
    }
    switch elementType {
    case .float32: store(Float.init)
    case .float64: store { $0 }
    case .bfloat16: store(SmallFloat.bfloat16.bits)
    case .float16: store(SmallFloat.float16.bits)
    case .int8: store(Int8.init)
    case .uint8, .bool: store(UInt8.init)
    case .int32: store(Int32.init)
    case .int64: store(Int64.init)
    }
  }

  /// Reads numbers in row-major order.
  package func load(from memory: UnsafeRawPointer) -> [Double] {
    let count = shape.count
    func load<T>(_ convert: (T) -> Double) -> [Double] {
      let source = memory.assumingMemoryBound(to: T.self)
      return (0..<count).map { convert(source[$0]) }
    }
    return switch elementType {
    case .float32: load { (x: Float) in Double(x) }
    case .float64: load { (x: Double) in x }
    case .bfloat16: load(SmallFloat.bfloat16.value)
    case .float16: load(SmallFloat.float16.value)
    case .int8: load { (x: Int8) in Double(x) }
    case .uint8, .bool: load { (x: UInt8) in Double(x) }
    case .int32: load { (x: Int32) in Double(x) }
    case .int64: load { (x: Int64) in Double(x) }
    }
  }
}
