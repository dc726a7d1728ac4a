import COneDNN
import FoveaTensor

extension PlanBuilder {
  /// Adds a primitive with its arguments, and scratch memory if it wants some.
  ///
  /// - Parameter isAccumulating: whether what the written memory holds before is read, too.
  func emit(
    _ name: String, _ primitive: Primitive, _ reads: [(odn_arg, PlanValue)],
    _ writes: [(odn_arg, PlanValue)], isAccumulating: Bool = false, scope: RecordingScope? = nil
  ) throws {
    try emit(
      name, primitive, reads.map { (Int32($0.0.rawValue), $0.1) },
      writes.map { (Int32($0.0.rawValue), $0.1) }, isAccumulating: isAccumulating, scope: scope)
  }

  func emit(
    _ name: String, _ primitive: Primitive, _ reads: [(Int32, PlanValue)],
    _ writes: [(Int32, PlanValue)], isAccumulating: Bool = false, scope: RecordingScope? = nil
  ) throws {
    var arguments = (reads + writes).map(\.0)
    var places = (reads + writes).map { BufferPlace($0.1) }
    var scratch: Int?
    if primitive.scratchByteCount > 0 {
      let buffer = self.scratch(byteCount: primitive.scratchByteCount)
      arguments.append(Int32(ODN_ARG_SCRATCHPAD.rawValue))
      places.append(BufferPlace(buffer: buffer))
      scratch = buffer
    }
    let call = try PrimitiveCall(primitive, arguments)
    emit(
      name, kernel: primitive.implementation,
      reads: (isAccumulating ? reads + writes : reads).map(\.1), writes: writes.map(\.1),
      scratch: scratch, scope: scope
    ) { memory in
      for (slot, place) in places.enumerated() { call.bind(slot, memory[place]) }
      try call.run()
    }
  }
}
