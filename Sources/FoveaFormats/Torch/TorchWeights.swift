import FoveaSystem
import FoveaTensor

/// Makes weights from the tensors of a pickle and the bytes of their storages.
enum TorchWeights {
  static func make(
    _ dictionary: StateDictionary, _ machine: PickleMachine, _ format: WeightFormat,
    _ budget: inout ReadBudget, bytes: [String: ByteRange], _ limits: ReadLimits
  ) throws(FileError) -> Weights {
    let pickle = machine.cursor.bytes
    var tensors: [String: Tensor] = [:]
    tensors.reserveCapacity(dictionary.tensors.count)
    var empty: [String] = []
    // Many tensors may share one storage, which is looked through once.
    var checked: Set<String> = []
    for (name, tensor) in dictionary.tensors {
      let storage = machine.storages[tensor.storage]
      guard let elementType = storage.type.elementType else {
        throw pickle.error(
          in: quoted(name), found: "numbers of \(storage.type.rawValue)",
          expected: "one of "
            + TorchStorageType.allCases.filter { $0.elementType != nil }.map(\.rawValue)
            .joined(separator: ", "))
      }
      switch CheckedType.check(tensor.sizes, elementType, limits) {
      case .refused(let found, let expected):
        throw pickle.error(in: quoted(name), found: found, expected: expected)
      case .empty: empty.append(quoted(name))
      case .type(let type):
        guard let data = bytes[storage.key], data.count == storage.byteCount else {
          throw pickle.error(
            at: storage.place,
            found: "storage \(quoted(storage.key)) of \(storage.count) elements",
            expected: bytes[storage.key].map { "\($0.count) bytes of it, as the file has" }
              ?? "one that the file has")
        }
        try budget.spend(type.byteCount) { found, expected in
          pickle.error(in: quoted(name), found: found, expected: expected)
        }
        if checked.insert("\(storage.key) \(storage.type)").inserted {
          try Flags.check(data, TensorType([data.count], elementType), name: name)
        }
        let value = FileValue(
          type, data, offset: storage.offset + tensor.offset, strides: tensor.strides)
        guard tensors.updateValue(Tensor(value), forKey: name) == nil else {
          throw pickle.error(
            in: quoted(name), found: "this name for the second time", expected: "every name once")
        }
      }
    }
    var notes = dictionary.notes
    if !empty.isEmpty {
      notes.append("left out, for it has no elements: \(listing(empty.sorted()))")
    }
    return Weights(tensors, metadata: dictionary.metadata, format: format, notes: notes)
  }
}
