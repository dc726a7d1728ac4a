import COneDNN

/// A primitive, kept until the process ends, and how to run it on memories.
final class Primitive {
  let raw: OpaquePointer

  init(_ create: (inout OpaquePointer?) -> Int32) throws {
    raw = try made(create)
  }

  var implementation: String { String(cString: odn_primitive_implementation(raw)) }

  func descriptor(_ arg: odn_arg) throws -> Descriptor {
    try Descriptor { odn_primitive_md(raw, arg.number, &$0) }
  }

  /// Scratch memory is found here; everything else is given. `views` replace memories' descriptors.
  func run(_ memories: [odn_arg: Memory], as views: [odn_arg: Descriptor] = [:]) throws {
    var all = memories
    if odn_primitive_scratchpad_size(raw) > 0 {
      all[ODN_ARG_SCRATCHPAD] = Memory(try descriptor(ODN_ARG_SCRATCHPAD))
    }
    let stream = try made { odn_stream_create(&$0) }
    defer { odn_stream_destroy(stream) }
    let entries = Array(all)
    let args = entries.map(\.key.number)
    let mds = entries.map { Optional((views[$0.key] ?? $0.value.descriptor).raw) }
    let call = try made { odn_call_create(raw, Int32(args.count), args, mds, &$0) }
    defer { odn_call_destroy(call) }
    for (slot, entry) in entries.enumerated() {
      try check(odn_call_bind(call, Int32(slot), entry.value.pointer))
    }
    try check(odn_call_run(call, stream))
  }

  /// Puts the inputs into the layouts this primitive chose, runs it, and returns the outputs' memory.
  func run(
    _ inputs: [odn_arg: Values], outputs: [odn_arg], keeping memories: [odn_arg: Memory] = [:]
  ) throws -> [odn_arg: Memory] {
    var all = memories
    for (arg, values) in inputs {
      all[arg] = try Memory(values, as: descriptor(arg))
    }
    for arg in outputs where all[arg] == nil {
      all[arg] = Memory(try descriptor(arg))
    }
    try run(all)
    return all
  }
}

extension odn_arg {
  var number: Int32 { Int32(rawValue) }
}

func + (base: odn_arg, index: Int) -> odn_arg {
  odn_arg(rawValue: base.rawValue + UInt32(index))
}
