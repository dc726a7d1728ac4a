import COneDNN

/// A compiled computation of oneDNN.
final class Primitive: @unchecked Sendable {
  let pointer: OpaquePointer

  init(_ make: (UnsafeMutablePointer<OpaquePointer?>) -> Int32) throws(OneDNNError) {
    pointer = try OneDNNError.make(make)
  }

  deinit { odn_primitive_destroy(pointer) }

  /// The layout chosen for an argument.
  func descriptor(_ argument: odn_arg) throws(OneDNNError) -> Descriptor {
    Descriptor(try OneDNNError.make { odn_primitive_md(pointer, Int32(argument.rawValue), $0) })
  }

  var scratchByteCount: Int { odn_primitive_scratchpad_size(pointer) }

  var implementation: String { String(cString: odn_primitive_implementation(pointer)) }
}

/// A primitive with a slot for each of its arguments.
final class PrimitiveCall: @unchecked Sendable {
  private let pointer: OpaquePointer

  init(_ primitive: Primitive, _ arguments: [Int32]) throws(OneDNNError) {
    pointer = try OneDNNError.make {
      odn_call_create(primitive.pointer, Int32(arguments.count), arguments, nil, $0)
    }
  }

  deinit { odn_call_destroy(pointer) }

  @inline(__always)
  func bind(_ slot: Int, _ memory: UnsafeMutableRawPointer) {
    odn_call_bind(pointer, Int32(slot), memory)
  }

  @inline(__always)
  func run() throws(OneDNNError) {
    try OneDNNError.check(odn_call_run(pointer, Stream.shared.pointer))
  }
}

/// The queue primitives run in. Plans run one after another, so one queue serves all.
private final class Stream: @unchecked Sendable {
  static let shared = Stream()
  let pointer: OpaquePointer

  private init() {
    do { pointer = try OneDNNError.make(odn_stream_create) } catch {
      fatalError("oneDNN offers no CPU engine: \(error)")
    }
  }
}

/// What a primitive does besides its main work.
final class PrimitiveAttributes {
  let pointer: OpaquePointer
  private(set) var postOperationCount = 0

  init() throws(OneDNNError) { pointer = try OneDNNError.make(odn_attributes_create) }

  deinit { odn_attributes_destroy(pointer) }

  func addEltwise(_ kind: odn_eltwise, alpha: Float = 0, beta: Float = 0) throws(OneDNNError) {
    try OneDNNError.check(odn_attributes_add_eltwise(pointer, kind, alpha, beta))
    postOperationCount += 1
  }

  /// The result is added to what its memory held before.
  func addSum() throws(OneDNNError) {
    try OneDNNError.check(odn_attributes_add_sum(pointer, 1))
    postOperationCount += 1
  }

  /// The same where the memory held another kind of number of as many bytes.
  func addSum(scale: Float, of type: odn_type) throws(OneDNNError) {
    try OneDNNError.check(odn_attributes_add_sum_of(pointer, scale, type))
    postOperationCount += 1
  }

  /// What the sums of products are multiplied with: one number, or one for each index of an axis.
  func setScales(_ scales: [Float], axis: Int = 0) throws(OneDNNError) {
    try OneDNNError.check(
      odn_attributes_set_scales(pointer, Int64(scales.count), scales, Int32(axis)))
  }

  /// What is added to each channel, after the scales and before what follows.
  func setBias(_ bias: [Float]) throws(OneDNNError) {
    try OneDNNError.check(odn_attributes_set_bias(pointer, Int64(bias.count), bias))
  }

  /// Combines with another tensor; returns the number under which it is bound.
  func addBinary(_ kind: odn_binary, _ operand: Descriptor) throws(OneDNNError) -> Int {
    try OneDNNError.check(odn_attributes_add_binary(pointer, kind, operand.pointer))
    postOperationCount += 1
    return postOperationCount - 1
  }
}
