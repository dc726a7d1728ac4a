import Fovea
import FoveaCommandKit

/// A network of the zoo beside weights from a file: how many classes it would have, and how far
/// names and shapes differ.
struct ArchitectureFit {
  let entry: ZooEntry
  let classes: Int
  private let network: any Layer
  private let differences: Int

  /// The network whose parameters have exactly the names and shapes of the weights.
  static func find(
    for weights: Weights, named name: String?, in reference: String
  ) throws -> ArchitectureFit {
    let shapes = weights.tensors.mapValues(\.shape)
    if let name {
      guard let entry = Zoo.entry(named: name) else {
        let near = closest(to: name, among: Zoo.entries.map(\.name))
        throw CommandFailure(
          .dataError,
          "\(visible(reference)): fovea.model: found \(visible(name)), which no network is called",
          hint: near.map { "did you mean \($0)?" })
      }
      // What does not fit is said when the weights are loaded.
      return ArchitectureFit(entry, shapes)
    }
    let count = shapes.values.reduce(0.0) { $0 + Double($1.count) }
    // The right one is nearly always among the first, and describing a large network takes a while.
    let entries = Zoo.entries.sorted {
      abs(Double($0.parameterCount) - count) < abs(Double($1.parameterCount) - count)
    }
    var nearest: ArchitectureFit?
    for entry in entries {
      let fit = ArchitectureFit(entry, shapes)
      if fit.differences == 0 { return fit }
      if fit.differences < nearest?.differences ?? .max { nearest = fit }
    }
    guard let nearest, nearest.sharesNames(with: shapes) else {
      throw CommandFailure(
        .dataError,
        "\(visible(reference)): found \(shapes.count) tensors, expected the parameters of a network "
          + "that Fovea knows",
        hint: "there are \(Zoo.entries.map(\.name).joined(separator: ", "))")
    }
    return try nearest.refused(weights, in: reference)
  }

  private init(_ entry: ZooEntry, _ shapes: [String: Shape]) {
    let network = entry.make()
    // Whoever learns other classes replaces the last layer.
    let others = network.namedParameters.compactMap { name, parameter -> Int? in
      guard let shape = shapes[name], shape != parameter.shape,
        shape.rank == parameter.shape.rank, parameter.shape[0] == entry.classCount,
        shape.extents.dropFirst() == parameter.shape.extents.dropFirst()
      else { return nil }
      return shape[0]
    }
    self.entry = entry
    if let classes = others.first, others.allSatisfy({ $0 == classes }) {
      self.classes = classes
      self.network = entry.make(classes: classes)
    } else {
      classes = entry.classCount
      self.network = network
    }
    differences = Self.differences(self.network, shapes)
  }

  private static func differences(_ network: any Layer, _ shapes: [String: Shape]) -> Int {
    var unused = Set(shapes.keys)
    var count = 0
    for (name, parameter) in network.namedParameters {
      guard let shape = shapes[name] else {
        // Counts of batches are in some files and not in others.
        if parameter.type.elementType != .int64 { count += 1 }
        continue
      }
      unused.remove(name)
      if shape != parameter.shape { count += 1 }
    }
    return count + unused.count
  }

  private func sharesNames(with shapes: [String: Shape]) -> Bool {
    network.namedParameters.contains { shapes[$0.name] == $0.parameter.shape }
  }

  private func refused(_ weights: Weights, in reference: String) throws -> ArchitectureFit {
    do {
      _ = try loaded(weights)
    } catch {
      throw CommandFailure(
        .dataError,
        "\(visible(reference)): found weights of a network that Fovea does not know; the nearest is "
          + "\(entry.name), and \(visible("\(error)", limit: 20_000).replacingLineBreaks)")
    }
    return self
  }

  /// The network with the weights, as numbers of 32 bits.
  func loaded(_ weights: Weights) throws -> any Layer {
    try network.load(
      weights.tensors.mapValues { tensor in
        tensor.elementType.isFloatingPoint ? tensor.cast(to: .float32) : tensor
      })
    return network
  }
}

extension String {
  /// Line breaks that were made visible, as breaks again: they are the message's own.
  fileprivate var replacingLineBreaks: String {
    split(separator: "\\n", omittingEmptySubsequences: false).joined(separator: "\n")
  }
}
