import FoveaTensor

extension Graph: CustomStringConvertible {
  /// One line per vertex: `%12 = convolution(%3, %11) : float32[16, 64, 56, 56]   # ResNet › Conv2D`.
  package var description: String {
    var lines: [String] = []
    for (index, vertex) in vertices.enumerated() {
      let operands = vertex.operands.map { operand in
        vertices[operand.vertex].types.count > 1
          ? "%\(operand.vertex).\(operand.result)" : "%\(operand.vertex)"
      }
      let types = vertex.types.map(\.description).joined(separator: ", ")
      let what = vertex.operation.map { "\($0.name)(\(operands.joined(separator: ", ")))" }
      let scope = vertex.scope.map { "   # \($0.path)" } ?? ""
      lines.append("%\(index) = \(what ?? "input (\(vertex.role))") : \(types)\(scope)")
    }
    let results = outputs.map { "%\($0.vertex).\($0.result)" }.joined(separator: ", ")
    return (lines + ["return \(results)"]).joined(separator: "\n")
  }
}
