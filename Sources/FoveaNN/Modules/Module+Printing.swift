import FoveaTensor

/// A model prints as the program that made it, with what each line holds.
extension Module {
  public var description: String {
    var lines = ProgramText.lines(of: self, label: nil)
    let arrays = parameters.filter(\.isTrainable)
    if arrays.count > 0, declaration == nil {
      let bytes = arrays.reduce(0) { $0 + $1.type.byteCount }
      lines.append(
        "// \(arrays.count) arrays, \(parameterCount.grouped) parameters, "
          + "\(bytes.grouped) bytes")
    }
    return lines.joined(separator: "\n")
  }
}

enum ProgramText {
  static func lines(of module: some Module, label: String?) -> [String] {
    let start = label.map { "\($0): " } ?? ""
    let parts = module.parts.compactMap { part -> (String, any Module)? in
      if case .module(let inner) = part.content { (part.name, inner) } else { nil }
    }
    if let declaration = module.declaration ?? (parts.isEmpty ? "\(module.name)()" : nil) {
      let count = module.parameterCount
      return [start + declaration + (count == 0 ? "" : "  // \(count.grouped)")]
    }
    var lines = ["\(start)\(module.name) {"]
    for (name, part) in parts { lines += self.lines(of: part, label: name).map { "  " + $0 } }
    lines.append("}")
    return lines
  }

  /// `Linear(in: 84, out: 10)`; an argument that is `nil` has its default and is left out.
  static func call(
    _ name: String, _ arguments: (label: String, value: (any CustomStringConvertible)?)...
  ) -> String {
    let words = arguments.compactMap { label, value in
      value.map { label.isEmpty ? "\($0)" : "\(label): \($0)" }
    }
    return "\(name)(\(words.joined(separator: ", ")))"
  }
}

extension Equatable {
  /// The value where it is not the default.
  func unless(_ usual: Self) -> Self? { self == usual ? nil : self }
}
