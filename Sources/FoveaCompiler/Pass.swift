/// One rewrite of a graph: its name, why it is there, and what it does.
package struct Pass: Sendable {
  package let name: String
  package let reason: String
  package let run: @Sendable (Graph) -> Graph

  package init(_ name: String, because reason: String, _ run: @escaping @Sendable (Graph) -> Graph)
  {
    self.name = name
    self.reason = reason
    self.run = run
  }
}
