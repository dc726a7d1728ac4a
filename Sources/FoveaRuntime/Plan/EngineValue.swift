import COneDNN
import FoveaTensor

/// Numbers in a layout of the engine, kept so from run to run.
final class EngineValue: StoredValue, @unchecked Sendable {
  let type: TensorType
  let layout: Layout
  let memory: PooledMemory

  init(_ type: TensorType, _ layout: Layout, _ memory: PooledMemory) {
    self.type = type
    self.layout = layout
    self.memory = memory
  }

  func plain() -> PlainValue {
    PlainValue(type) { bytes in
      switch layout {
      case .plain:
        bytes.baseAddress!.copyMemory(from: memory.pointer, byteCount: type.byteCount)
      case .engine(let descriptor):
        do {
          let plain = try Descriptor.plain(descriptor.elementType, type.shape.extents)
          try Reorder.run(descriptor, memory.pointer, to: plain, bytes.baseAddress!)
        } catch { fatalError("a layout the engine made cannot be read back: \(error)") }
      }
    }
  }
}

/// Copies between layouts outside of any plan.
enum Reorder {
  static func run(
    _ source: Descriptor, _ from: UnsafeMutableRawPointer, to target: Descriptor,
    _ to: UnsafeMutableRawPointer
  ) throws(OneDNNError) {
    let primitive = try Primitive { odn_reorder(source.pointer, target.pointer, nil, $0) }
    var arguments = [Int32(ODN_ARG_SRC.rawValue), Int32(ODN_ARG_DST.rawValue)]
    let scratch = PooledMemory(byteCount: primitive.scratchByteCount)
    if primitive.scratchByteCount > 0 { arguments.append(Int32(ODN_ARG_SCRATCHPAD.rawValue)) }
    let call = try PrimitiveCall(primitive, arguments)
    call.bind(0, from)
    call.bind(1, to)
    if arguments.count > 2 { call.bind(2, scratch.pointer) }
    try call.run()
  }
}
