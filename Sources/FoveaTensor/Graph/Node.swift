import Synchronization

/// One vertex of the recorded graph. Immutable, except for its remembered values.
public final class Node: Sendable {
  /// What a leaf is to the one who recorded it.
  package enum Role: UInt8, Sendable {
    /// A number that changes from run to run: a batch, a learning rate, a random key.
    case data
    /// A number that lasts: a weight, a running statistic, an optimizer's memory.
    case state
  }

  /// How the results follow from the operands; `nil` for a leaf, which has its value.
  package let operation: (any Operator)?
  package nonisolated(unsafe) private(set) var operands: [Tensor]
  package let types: [TensorType]
  package let role: Role
  /// The layer that recorded this node.
  package let scope: RecordingScope?
  /// A hash of what this node says by itself: operation, attributes, types; not its operands.
  package let localHash: Int
  private let memo: Mutex<[any StoredValue]?>

  package init(_ operation: any Operator, _ operands: [Tensor], _ types: [TensorType]) {
    self.operation = operation
    self.operands = operands
    self.types = types
    role = .data
    scope = RecordingScope.current
    memo = Mutex(nil)
    var hasher = Hasher()
    hasher.combine(ObjectIdentifier(Swift.type(of: operation)))
    operation.hash(into: &hasher)
    hasher.combine(types)
    localHash = hasher.finalize()
  }

  /// What `other` says, of other operands of the same types.
  package init(copying other: Node, operands: [Tensor]) {
    operation = other.operation
    self.operands = operands
    types = other.types
    role = other.role
    scope = other.scope
    localHash = other.localHash
    memo = Mutex(nil)
  }

  package init(leaf value: any StoredValue, role: Role = .data) {
    operation = nil
    operands = []
    types = [value.type]
    self.role = role
    scope = nil
    memo = Mutex([value])
    var hasher = Hasher()
    hasher.combine(role)
    hasher.combine(types)
    localHash = hasher.finalize()
  }

  /// Releases a long chain of operands one by one: left to itself, each node would release the
  /// next from within its own release, and 50,000 of them exhaust the stack.
  deinit {
    var doomed = operands
    operands = []
    while var tensor = doomed.popLast() {
      guard isKnownUniquelyReferenced(&tensor.node) else { continue }
      doomed.append(contentsOf: tensor.node.operands)
      tensor.node.operands = []
    }
  }

  /// The values of the results, once computed; a leaf always has one.
  package var values: [any StoredValue]? {
    get { memo.withLock { $0 } }
    set { memo.withLock { $0 = newValue } }
  }

  package var id: ObjectIdentifier { ObjectIdentifier(self) }
}
