/// Passes in order; each leaves a graph that gives the same numbers.
package struct Pipeline: Sendable {
  package let passes: [Pass]

  package init(_ passes: [Pass]) { self.passes = passes }

  /// Runs every pass.
  ///
  /// - Parameters:
  ///   - isVerifying: whether the graph is checked after each, as in tests and debug builds.
  ///   - observe: is shown the graph before and after each.
  package func run(
    _ graph: Graph, isVerifying: Bool = Pipeline.verifiesByDefault,
    observe: (Pass, _ before: Graph, _ after: Graph) -> Void = { _, _, _ in }
  ) -> Graph {
    passes.reduce(graph) { before, pass in
      let after = pass.run(before)
      if isVerifying {
        let problems = Verifier.problems(of: after)
        precondition(
          problems.isEmpty,
          "pass \(pass.name) left a broken graph:\n"
            + problems.joined(separator: "\n"))
      }
      observe(pass, before, after)
      return after
    }
  }

  package static var verifiesByDefault: Bool {
    var debug = false
    assert(
      {
        debug = true
        return true
      }())
    return debug
  }
}
