import FoveaNN
import FoveaTensor
import FoveaZoo
import Testing

@Suite struct LayerPathsTests {
  /// The paths of the convolutions that a list of nodes holds.
  private func paths<Operation>(
    of kind: Operation.Type, in nodes: [Node], _ paths: LayerPaths
  ) -> [String?] {
    nodes.filter { $0.operation is Operation }.map { node in node.scope.flatMap { paths[$0] } }
  }

  @Test(arguments: ["resnet18", "squeezenet1_1", "mobilenet_v2", "densenet121"])
  func aConvolutionIsWhereItsWeightsAre(_ name: String) throws {
    let entry = try #require(Zoo.entry(named: name))
    let model = entry.make()
    let x = Tensor(repeating: 0, shape: Shape([1] + entry.input.extents))
    let (y, found) = LayerPaths.tracing { model(x) }
    let nodes = topologicalOrder(of: [y.node])
    let wanted = model.namedParameters.filter { $0.parameter.shape.rank == 4 }
      .map { String($0.name.dropLast(".weight".count)) }
    let forward = paths(of: Convolution.self, in: nodes, found)
    #expect(Set(forward) == Set(wanted.map(Optional.some)))
    #expect(forward.count == wanted.count)
  }

  @Test func gradientsBelongToTheirLayers() throws {
    let model = ResNet(.d18)
    let x = Tensor(repeating: 0, shape: [1, 3, 64, 64])
    let (loss, found) = LayerPaths.tracing { withMode(.training) { model(x).mean() } }
    let weights = model.namedParameters.filter { $0.parameter.shape.rank == 4 }
    let gradients = gradients(of: loss, withRespectTo: weights.map(\.parameter.tensor))
    let nodes = topologicalOrder(of: gradients.map(\.node))
    let filters = paths(of: ConvolutionFilterGradient.self, in: nodes, found)
    #expect(filters.count == weights.count)
    #expect(Set(filters) == Set(weights.map { String($0.name.dropLast(".weight".count)) }))
  }

  @Test func aModelThatIsCalledTwiceIsOneModel() throws {
    let model = Sequential([Linear(in: 4, out: 4), Linear(in: 4, out: 4)])
    let x = Tensor(repeating: 0, shape: [1, 4])
    let ((a, b), found) = LayerPaths.tracing { (model(x), model(x + 1)) }
    for y in [a, b] {
      let nodes = topologicalOrder(of: [y.node])
      #expect(paths(of: MatrixProduct.self, in: nodes, found) == ["0", "1"])
    }
    let stranger = model(x)
    let nodes = topologicalOrder(of: [stranger.node])
    #expect(paths(of: MatrixProduct.self, in: nodes, found) == [nil, nil])
  }
}
