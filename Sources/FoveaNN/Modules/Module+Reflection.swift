extension Module {
  public var parts: [ModulePart] {
    var parts: [ModulePart] = []
    for (label, value) in Reflection.properties(of: self) {
      Reflection.collect(value, named: Reflection.checkpointName(label), owner: name, into: &parts)
    }
    return parts
  }
}

/// How parts are found: the one place that looks at stored properties.
enum Reflection {
  /// Stored properties, those of superclasses first.
  static func properties(of module: some Module) -> [(label: String, value: Any)] {
    var mirrors = [Mirror(reflecting: module)]
    while let parent = mirrors.last?.superclassMirror { mirrors.append(parent) }
    return mirrors.reversed().flatMap { mirror in
      mirror.children.map { ($0.label ?? "", $0.value) }
    }
  }

  /// The published name of a property: `runningMean` is saved as `running_mean`.
  static func checkpointName(_ property: String) -> String {
    var name = ""
    var previous: Character = "_"
    for character in property {
      if character.isUppercase, previous.isLowercase || previous.isNumber { name += "_" }
      name +=
        previous == "_" || character.isUppercase && !name.hasSuffix("_")
        ? String(character) : character.lowercased()
      previous = character
    }
    return name
  }

  /// Appends the parts that `value` holds.
  static func collect(
    _ value: Any, named name: String, owner: String, into parts: inout [ModulePart]
  ) {
    switch value {
    case let parameter as Parameter: parts.append(ModulePart(name, parameter))
    case let module as any Module: parts.append(ModulePart(name, module))
    default:
      let mirror = Mirror(reflecting: value)
      switch mirror.displayStyle {
      case .optional:
        for child in mirror.children {
          collect(child.value, named: name, owner: owner, into: &parts)
        }
      case .collection:
        guard holdsParts(mirror) else { return }
        for (index, child) in mirror.children.enumerated() {
          collect(child.value, named: "\(name).\(index)", owner: owner, into: &parts)
        }
      case .dictionary, .set, .tuple:
        guard holdsParts(mirror) else { return }
        fatalError(
          "\(owner).\(name) keeps layers or parameters in a \(mirror.displayStyle!), whose parts "
            + "have no published names; use an array, a struct of layers, or write `parts`")
      default: return
      }
    }
  }

  /// Whether a part is anywhere inside. The first element answers for a list of numbers, so that a
  /// long one costs nothing.
  private static func holdsParts(_ mirror: Mirror) -> Bool {
    for child in mirror.children {
      if child.value is Parameter || child.value is any Module { return true }
      let inner = Mirror(reflecting: child.value)
      switch inner.displayStyle {
      case .collection, .dictionary, .set, .tuple, .optional:
        if holdsParts(inner) { return true }
      default:
        if mirror.displayStyle == .collection { return false }
      }
    }
    return false
  }
}
