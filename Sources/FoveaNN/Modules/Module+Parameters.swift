import FoveaTensor

extension Module {
  /// Every parameter with its path, such as `layer1.0.conv1.weight`; a shared one under the first.
  public var namedParameters: [(name: String, parameter: Parameter)] {
    var seen: Set<ObjectIdentifier> = []
    return pathsOfParameters.filter { seen.insert(ObjectIdentifier($0.parameter)).inserted }
  }

  /// Every parameter and every piece of state, each once.
  public var parameters: [Parameter] { namedParameters.map(\.parameter) }

  /// What is kept but not trained: running statistics and the like.
  public var state: [(name: String, parameter: Parameter)] {
    namedParameters.filter { !$0.parameter.isTrainable }
  }

  /// How many numbers are trained.
  public var parameterCount: Int {
    parameters.filter(\.isTrainable).reduce(0) { $0 + $1.shape.count }
  }

  /// Every path, a shared parameter under each of its own.
  package var pathsOfParameters: [(name: String, parameter: Parameter)] {
    var found: [(name: String, parameter: Parameter)] = []
    appendParameters(under: "", to: &found)
    return found
  }

  private func appendParameters(
    under prefix: String, to found: inout [(name: String, parameter: Parameter)]
  ) {
    for part in parts {
      let path = prefix.isEmpty ? part.name : "\(prefix).\(part.name)"
      switch part.content {
      case .parameter(let parameter): found.append((path, parameter))
      case .module(let module): module.appendParameters(under: path, to: &found)
      }
    }
  }
}
