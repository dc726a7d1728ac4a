import COneDNN

/// A buffer behind a descriptor, filled with bytes that are no sensible number, never freed.
final class Memory {
  let descriptor: Descriptor
  let pointer: UnsafeMutableRawPointer

  init(_ descriptor: Descriptor) {
    self.descriptor = descriptor
    let size = max(descriptor.size, 64)
    pointer = .allocate(byteCount: size, alignment: 64)
    pointer.initializeMemory(as: UInt8.self, repeating: 0xFF, count: size)
  }

  /// Puts row-major numbers into this layout and type.
  convenience init(_ values: Values, as descriptor: Descriptor) throws {
    self.init(descriptor)
    let plain = Memory(try .plain(values.shape))
    plain.pointer.copyMemory(from: values.data, byteCount: values.data.count * 4)
    try reorder(plain, into: self)
  }

  /// The numbers in row-major order.
  func values(shape: [Int64]? = nil) throws -> Values {
    let shape = shape ?? descriptor.dims
    let plain = Memory(try .plain(shape))
    try reorder(self, into: plain)
    let count = Int(shape.reduce(1, *))
    let numbers = plain.pointer.assumingMemoryBound(to: Float.self)
    return Values(shape, Array(UnsafeBufferPointer(start: numbers, count: count)))
  }

  /// The buffer in its own order, padding included.
  var floats: [Float] {
    let numbers = pointer.assumingMemoryBound(to: Float.self)
    return Array(UnsafeBufferPointer(start: numbers, count: descriptor.size / 4))
  }
}

func reorder(_ source: Memory, into destination: Memory) throws {
  let primitive = try Primitive {
    odn_reorder(source.descriptor.raw, destination.descriptor.raw, nil, &$0)
  }
  try primitive.run([ODN_ARG_SRC: source, ODN_ARG_DST: destination])
}
