import FoveaSystem

/// What a pickle can make here: plain values, and places in the tables of the machine.
///
/// Containers are named by their number, so that neither depth nor cycles of a hostile file become depth
/// or cycles of ours.
enum PickleValue: Hashable, Sendable {
  case none
  case flag(Bool)
  case integer(Int)
  /// A whole number beyond 64 bits, or bytes: nothing weights are made of.
  case opaque(String)
  case number(Double)
  case text(String)
  case tuple(Int)
  case list(Int)
  case dictionary(Int)
  case callable(PickleCallable)
  case storage(Int)
  case tensor(Int)

  /// What it is, in words.
  var words: String {
    switch self {
    case .none: "None"
    case .flag(let value): value ? "True" : "False"
    case .integer(let value): "the number \(value)"
    case .opaque(let what): what
    case .number(let value): "the number \(value)"
    case .text(let text): "the text \(quoted(String(text.prefix(60))))"
    case .tuple: "a tuple"
    case .list: "a list"
    case .dictionary: "a dictionary"
    case .callable(let callable): "the Python object “\(callable.rawValue)”"
    case .storage: "a storage"
    case .tensor: "a tensor"
    }
  }
}

/// The Python functions whose effect is known here; nothing else can be called.
enum PickleCallable: Hashable, Sendable {
  case orderedDictionary
  /// Storage, offset, sizes, strides, and more that does not matter to weights.
  case tensor
  /// A tensor that is a parameter.
  case parameter
  /// A kind of storage.
  case storage(TorchStorageType)

  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_tensor"): self = .tensor
    case ("torch._utils", "_rebuild_parameter"): self = .parameter
    case ("torch", _), ("torch.storage", _):
      guard let type = TorchStorageType(rawValue: name) else { return nil }
      self = .storage(type)
    default: return nil
    }
  }

  var rawValue: String {
    switch self {
    case .orderedDictionary: "collections OrderedDict"
    case .tensor: "torch._utils _rebuild_tensor_v2"
    case .parameter: "torch._utils _rebuild_parameter"
    case .storage(let type): "torch \(type.rawValue)"
    }
  }
}
