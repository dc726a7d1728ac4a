public import FoveaTensor

extension Module {
  /// A snapshot of everything the model keeps, by path; later steps do not change it.
  public var weights: [String: Tensor] {
    var weights: [String: Tensor] = [:]
    for (name, parameter) in namedParameters {
      let tensor = parameter.tensor
      // A leaf of its own: whoever moves it must not move the parameter.
      weights[name] = tensor.value.map { Tensor($0) } ?? tensor
    }
    return weights
  }

  /// Takes over saved weights, all or none.
  ///
  /// Loading is strict: every parameter must be there, with its shape and element type, and nothing
  /// else; only counts of batches may be missing or left over. All differences are thrown together as a ``WeightMismatch``.
  ///
  /// - Parameter renaming: paths in the weights and what the model calls them. A path renames
  ///   everything below it, the longest that fits is taken, and an empty new path drops the old one.
  ///
  /// ```swift
  /// try model.load(tensors, renaming: ["module": "", "module.fc": "classifier.1"])
  /// ```
  public func load(
    _ weights: [String: Tensor], renaming: [String: String] = [:]
  ) throws(WeightMismatch) {
    var mismatch = WeightMismatch()
    var given: [String: Tensor] = [:]
    var origins: [String: String] = [:]
    for (original, tensor) in weights.sorted(by: { $0.key < $1.key }) {
      let name = Renaming.apply(renaming, to: original)
      if let other = origins.updateValue(original, forKey: name) {
        mismatch.colliding.append("\(other) and \(original) to \(name)")
      }
      given[name] = tensor
    }
    let assignments = matched(&given, &mismatch)
    mismatch.unused = given.keys.filter { !Self.isNeedless($0) }.map { origins[$0] ?? $0 }.sorted()
    guard mismatch.isEmpty else { throw mismatch }
    for (parameter, tensor) in assignments {
      // The types were compared above.
      do { try parameter.assign(tensor) } catch { fatalError("\(error)") }
    }
  }

  /// PyTorch counts the batches of every normalisation, also where the model here does not.
  private static func isNeedless(_ name: String) -> Bool {
    name.split(separator: ".").last == "num_batches_tracked"
  }

  /// Which tensor becomes which parameter; takes what it uses out of `given`.
  private func matched(
    _ given: inout [String: Tensor], _ mismatch: inout WeightMismatch
  ) -> [(Parameter, Tensor)] {
    var assignments: [(Parameter, Tensor)] = []
    var names: [ObjectIdentifier: [String]] = [:]
    for (name, parameter) in pathsOfParameters {
      names[ObjectIdentifier(parameter), default: []].append(name)
    }
    for (name, parameter) in namedParameters {
      // A shared parameter may be saved under any of its paths, or under all.
      var found: Tensor?
      for path in names[ObjectIdentifier(parameter)] ?? [name] {
        guard let tensor = given.removeValue(forKey: path) else { continue }
        if tensor.type != parameter.type {
          mismatch.misshapen.append("\(path) is \(tensor.type), the model has \(parameter.type)")
        }
        found = found ?? tensor
      }
      if let found {
        assignments.append((parameter, found))
      } else if !parameter.isOptionalWhenLoading {
        mismatch.missing.append(name)
      }
    }
    return assignments
  }
}

/// Replacing the beginnings of paths.
enum Renaming {
  static func apply(_ table: [String: String], to name: String) -> String {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    for length in stride(from: parts.count, through: 1, by: -1) {
      guard let new = table[parts[..<length].joined(separator: ".")] else { continue }
      let rest = parts[length...].map(String.init)
      return ((new.isEmpty ? [] : [new]) + rest).joined(separator: ".")
    }
    return name
  }
}
