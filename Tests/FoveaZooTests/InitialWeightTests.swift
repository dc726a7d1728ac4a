import FoveaNN
import FoveaTensor
import FoveaZoo
import Testing

/// New networks begin with numbers from the same distributions as torchvision's.
@Suite struct InitialWeightTests {
  /// `["uniform", low, high]`, `["normal", mean, deviation]` or `["constant", value]`.
  private struct Distribution: Decodable {
    let kind: String
    let numbers: [Double]

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      kind = try list.decode(String.self)
      var numbers: [Double] = []
      while !list.isAtEnd { numbers.append(try list.decode(Double.self)) }
      self.numbers = numbers
    }

    /// Whether numbers may have been drawn from this; chance may refuse one draw in a million.
    func explains(_ drawn: [Double]) -> Bool {
      let count = Double(drawn.count)
      let mean = drawn.reduce(0, +) / count
      let deviation = (drawn.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
      switch kind {
      case "constant": return drawn.allSatisfy { $0 == numbers[0] }
      case "uniform":
        let usual = (numbers[1] - numbers[0]) / 12.0.squareRoot()
        return drawn.allSatisfy { abs($0) <= numbers[1] * (1 + 1e-6) }
          && abs(mean) <= 5 * usual / count.squareRoot()
          && abs(deviation - usual) <= 5 * usual / count.squareRoot()
      default:
        return abs(mean - numbers[0]) <= 5 * numbers[1] / count.squareRoot()
          && abs(deviation - numbers[1]) <= 5 * numbers[1] / (2 * count).squareRoot()
      }
    }
  }

  private struct Network: Decodable {
    let name: String
    let parameters: [String: Distribution]
  }

  @Test func networksBeginAsTorchvisionsDo() throws {
    let networks = try Goldens.read("network_weights", as: [Network].self)
    #expect(networks.count == 10)
    for network in networks {
      let model = withSeed(1) { Zoo.entry(named: network.name)?.make() }
      let weights = try #require(model, "\(network.name)").namedParameters
        .filter(\.parameter.isTrainable)
      #expect(weights.count == network.parameters.count)
      for (name, parameter) in weights {
        // A hundred million numbers say no more than a million.
        guard parameter.shape.count <= 1 << 20 else { continue }
        let drawn = try #require(parameter.tensor.value).plain().scalars
        let distribution = try #require(network.parameters[name], "\(network.name) \(name)")
        #expect(
          distribution.explains(drawn),
          "\(network.name) \(name): not \(distribution.kind) \(distribution.numbers)")
      }
    }
  }
}
