/// The layers of a model by their paths, to find where one that was called is.
struct LayerPlaces {
  private struct Place {
    let path: String
    let layer: any Module
    let identity: [ObjectIdentifier]
    var isTaken = false
  }

  private var places: [Place] = []
  /// How many of the places have had their own parts listed.
  private var openedCount = 0

  init(in model: some Module) { open(model, under: "") }

  /// The path of `layer`: by its parameters, and where it has none, the first like it that was not
  /// taken yet. A layer that is called again has the path it had.
  mutating func take(_ layer: any Layer) -> String? {
    let identity = layer.parameters.map(ObjectIdentifier.init)
    // A model's own parts go before the parts of these.
    repeat {
      let fitting = places.indices.filter { fits(places[$0], layer, identity) }
      if let index = fitting.first(where: { !places[$0].isTaken }) ?? fitting.first {
        places[index].isTaken = true
        return places[index].path
      }
    } while openNext()
    return nil
  }

  private func fits(
    _ place: Place, _ layer: any Layer, _ identity: [ObjectIdentifier]
  ) -> Bool {
    type(of: place.layer) == type(of: layer) && place.identity == identity
      && (!identity.isEmpty || place.layer.description == layer.description)
  }

  /// Lists the parts of what was listed last; whether there are any.
  private mutating func openNext() -> Bool {
    let unopened = places[openedCount...]
    openedCount = places.count
    for place in unopened { open(place.layer, under: place.path) }
    return places.count > openedCount
  }

  private mutating func open(_ module: some Module, under prefix: String) {
    for part in module.parts {
      guard case .module(let inner) = part.content else { continue }
      places.append(
        Place(
          path: prefix.isEmpty ? part.name : "\(prefix).\(part.name)", layer: inner,
          identity: inner.parameters.map(ObjectIdentifier.init)))
    }
  }
}
