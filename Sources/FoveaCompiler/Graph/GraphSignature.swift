package import FoveaTensor

/// What two recordings of one formula have in common: structure, attributes, shapes and types, but
/// no numbers. Plans are remembered under it.
package struct GraphSignature: Hashable, Sendable {
  private let words: [Int]

  package init(of tensors: [Tensor], in order: [Node]) {
    var position: [ObjectIdentifier: Int] = [:]
    position.reserveCapacity(order.count)
    var words: [Int] = []
    words.reserveCapacity(order.count * 4)
    for (index, node) in order.enumerated() {
      position[node.id] = index
      words.append(node.localHash)
      for operand in node.operands {
        words.append(position[operand.node.id]! << 8 | operand.index)
      }
    }
    // Where the nodes end and the outputs begin is part of the structure.
    words.append(order.count)
    for tensor in tensors { words.append(position[tensor.node.id]! << 8 | tensor.index) }
    self.words = words
  }
}
