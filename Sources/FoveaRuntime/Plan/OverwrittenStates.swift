/// Which states a plan may replace where they are, when nobody else holds their present values.
enum OverwrittenStates {
  /// By update, the input whose memory the next value may take, if there is one.
  ///
  /// The step that computes it must read each element before it writes the one at the same place, and
  /// be the last that needs the present value. No later step may refuse its operands: what was
  /// refused leaves everything as it was.
  ///
  /// - Parameters:
  ///   - resultCount: outputs before the updates.
  ///   - updates: the input each update replaces; inputs come first among the buffers.
  static func inputs(
    _ buffers: [PlanBuffer], _ steps: [PlanStep], resultCount: Int, updates: [Int]
  ) -> [Int?] {
    var output: [Int: Int] = [:]
    for (index, buffer) in buffers.enumerated() {
      if case .output(let number) = buffer.home { output[number] = index }
    }
    var (first, last): ([Int: Int], [Int: Int]) = ([:], [:])
    for (index, step) in steps.enumerated() {
      for part in step.reads + step.writes {
        let buffer = buffers.root(of: part).buffer
        first[buffer] = first[buffer] ?? index
        last[buffer] = index
      }
    }
    let lastRefusal = steps.lastIndex(where: \.mayRefuse) ?? -1
    return updates.enumerated().map { number, input in
      guard let target = output[resultCount + number], let step = first[target],
        last[input] == step, step > lastRefusal,
        steps[step].replaceable.contains(where: { $0 == (input, target) })
      else { return nil }
      return input
    }
  }
}
