/// The layers of a model by their paths, to find where one that was called is.
struct LayerPlaces {
  private var places: [(path: String, layer: any Module, identity: [ObjectIdentifier])] = []
  private var taken: Set<Int> = []

  init(in model: some Module) {
    append(model, under: "")
    // A layer's own parts go before the parts of these.
    places.sort { Self.depth($0.path) < Self.depth($1.path) }
  }

  private mutating func append(_ module: some Module, under prefix: String) {
    for part in module.parts {
      guard case .module(let inner) = part.content else { continue }
      let path = prefix.isEmpty ? part.name : "\(prefix).\(part.name)"
      places.append((path, inner, inner.parameters.map(ObjectIdentifier.init)))
      append(inner, under: path)
    }
  }

  private static func depth(_ path: String) -> Int { path.utf8.count { $0 == UInt8(ascii: ".") } }

  /// The path of `layer`: by its parameters, and where it has none, the first like it that was not
  /// taken yet. A layer that is called again has the path it had.
  mutating func take(_ layer: any Layer) -> String? {
    let identity = layer.parameters.map(ObjectIdentifier.init)
    let fitting = places.indices.filter { index in
      let place = places[index]
      return type(of: place.layer) == type(of: layer) && place.identity == identity
        && (!identity.isEmpty || place.layer.description == layer.description)
    }
    guard let index = fitting.first(where: { !taken.contains($0) }) ?? fitting.first else {
      return nil
    }
    taken.insert(index)
    return places[index].path
  }
}
