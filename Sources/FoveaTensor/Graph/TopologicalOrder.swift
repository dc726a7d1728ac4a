/// Every node that `roots` need, operands before users; without recursion, for a graph may be a
/// million nodes deep.
///
/// - Parameter stops: nodes that are listed but whose operands are not followed.
package func topologicalOrder(
  of roots: some Sequence<Node>, stoppingAt stops: Set<ObjectIdentifier> = []
) -> [Node] {
  var order: [Node] = []
  var seen: Set<ObjectIdentifier> = []
  var stack: [(node: Node, next: Int)] = []
  for root in roots where seen.insert(root.id).inserted {
    stack.append((root, 0))
    while let (node, next) = stack.last {
      if next < node.operands.count, !stops.contains(node.id) {
        stack[stack.count - 1].next += 1
        let operand = node.operands[next].node
        if seen.insert(operand.id).inserted { stack.append((operand, 0)) }
      } else {
        order.append(node)
        stack.removeLast()
      }
    }
  }
  return order
}
