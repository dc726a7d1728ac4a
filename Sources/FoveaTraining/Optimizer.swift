public import FoveaNN
import FoveaTensor

/// Moves parameters against the gradient of a loss.
///
/// ```swift
/// let optimizer = Optimizer(Adam(), for: model, learningRate: 1e-3)
/// withMode(.training) {
///   for batch in batches {
///     optimizer.step(minimizing: crossEntropy(model(batch.images), batch.labels))
///   }
/// }
/// ```
public final class Optimizer<Rule: UpdateRule> {
  public let rule: Rule
  /// May change from step to step; all steps are the same plan.
  public var learningRate: Double
  public var clipping: GradientClipping?
  /// How many steps of ``step(minimizing:file:line:)`` share one movement of the parameters, which
  /// follows the mean of their gradients.
  public let accumulation: Int
  /// How often the parameters were moved.
  public internal(set) var stepCount = 0
  /// How many gradients wait for the next movement.
  public internal(set) var accumulatedCount = 0

  let slots: [Slot]
  /// What the rule remembers, by slot.
  let memories: [[Parameter]]
  /// The sums of waiting gradients, by slot; empty without accumulation.
  let sums: [Parameter]
  /// What else the model keeps and may assign while it is recorded.
  let cells: [Parameter]
  /// Everything a step may change, and what else the model keeps.
  let allCells: [Parameter]
  var movements = Movements()

  /// A parameter that is moved.
  struct Slot {
    let name: String
    let parameter: Parameter
    let rateFactor: Double
    let decay: WeightDecay
  }

  /// Moves `parameters` of `model`, by default all that can be trained. Nothing below them is
  /// differentiated: freezing is not asking.
  ///
  /// What else the model keeps, such as running statistics, is computed by the same steps.
  public convenience init(
    _ rule: Rule, for model: some Module, updating parameters: [Parameter]? = nil,
    learningRate: Double, clipping: GradientClipping? = nil, accumulating accumulation: Int = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      rule, for: model, groups: [ParameterGroup(parameters ?? model.parameters)],
      learningRate: learningRate, clipping: clipping, accumulating: accumulation,
      file: file, line: line)
  }

  /// Moves the parameters of several groups, each in its own manner.
  public init(
    _ rule: Rule, for model: some Module, groups: [ParameterGroup], learningRate: Double,
    clipping: GradientClipping? = nil, accumulating accumulation: Int = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    guard (1...1_000_000).contains(accumulation) else {
      fatalError(
        "optimizer: gradients of 1 to 1000000 steps are accumulated, not \(accumulation)",
        file: file, line: line)
    }
    self.rule = rule
    self.learningRate = learningRate
    self.clipping = clipping
    self.accumulation = accumulation
    let named = model.namedParameters
    let names = Dictionary(
      uniqueKeysWithValues: named.map { (ObjectIdentifier($0.parameter), $0.name) })
    var seen: Set<ObjectIdentifier> = []
    var slots: [Slot] = []
    for group in groups {
      for parameter in group.parameters where parameter.isTrainable {
        let identity = ObjectIdentifier(parameter)
        guard seen.insert(identity).inserted else {
          let name = names[identity] ?? "a parameter"
          fatalError("optimizer: \(name) is given twice", file: file, line: line)
        }
        slots.append(
          Slot(
            name: names[identity] ?? "parameter \(slots.count + 1)", parameter: parameter,
            rateFactor: group.rateFactor, decay: rule.decay.with(group.weightDecay)))
      }
    }
    guard !slots.isEmpty else {
      fatalError("optimizer: there is nothing to train", file: file, line: line)
    }
    self.slots = slots
    memories = slots.map { slot in
      rule.memory.map { Parameter(.constant($0.start), like: slot.parameter) }
    }
    sums = accumulation == 1 ? [] : slots.map { Parameter(.zeros, like: $0.parameter) }
    cells = named.map(\.parameter).filter { !seen.contains(ObjectIdentifier($0)) }
    allCells = slots.map(\.parameter) + memories.joined() + sums + cells
  }
}

extension Parameter {
  /// A cell of the same type that belongs to an optimizer.
  fileprivate convenience init(_ initializer: Initializer, like other: Parameter) {
    self.init(initializer, shape: other.shape, as: other.type.elementType, trainable: false)
  }
}
