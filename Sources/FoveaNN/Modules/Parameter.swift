import Foundation
public import FoveaTensor
import Synchronization

/// A cell that keeps a tensor from step to step: a weight, or a running statistic.
///
/// Layers are values, parameters are identities: copying a layer shares its parameters. What is
/// read from a parameter stays what it was, whatever is assigned afterwards.
///
/// A cell may be assigned a tensor that is not yet computed, as batch normalisation does with its
/// running statistics; the next step of the model's optimizer computes it.
public final class Parameter: Sendable {
  /// Whether an optimizer moves it; running statistics and other state are not moved.
  public let isTrainable: Bool
  public let type: TensorType
  /// Whether saved weights may lack it, as old checkpoints lack counts of batches.
  package let isOptionalWhenLoading: Bool
  private let content: Mutex<Content>

  private enum Content {
    /// A leaf, and what was assigned since and waits to be computed.
    case kept(leaf: Tensor, pending: Tensor?, assignments: Int)
    /// Moved to the optimizer step that is computing the next value.
    case lent
  }

  /// How often a cell may be assigned before anything computes it. One step may well run a network
  /// several times, as with pairs of images; without a limit, a training mode that nobody steps
  /// would drag along every batch it ever saw.
  package static let largestPendingAssignments = 64

  /// A cell that begins with `initial`.
  public convenience init(
    _ initial: Tensor, trainable: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) {
    guard let value = initial.value else {
      refuse(
        ShapeError("parameter", "begins with numbers, got \(initial)"), file: file, line: line)
    }
    self.init(
      .kept(leaf: Tensor(value, role: .state), pending: nil, assignments: 0), initial.type,
      trainable, false)
  }

  /// A cell whose numbers come from the stream of random numbers that is current now. They are drawn
  /// when somebody computes with them: a network that is only described costs no memory.
  public convenience init(
    _ initializer: Initializer, shape: Shape, as elementType: ElementType = .float32,
    trainable: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      initializer, TensorType(shape, elementType), trainable: trainable,
      optionalWhenLoading: false, file, line)
  }

  package convenience init(
    _ initializer: Initializer, _ type: TensorType, trainable: Bool,
    optionalWhenLoading: Bool, _ file: StaticString, _ line: UInt
  ) {
    let initial = Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try InitialValue(initializer, type)
    }
    let leaf = Tensor(DrawnValue(initial), role: .state)
    self.init(
      .kept(leaf: leaf, pending: nil, assignments: 0), type, trainable, optionalWhenLoading)
  }

  private init(_ content: Content, _ type: TensorType, _ trainable: Bool, _ optional: Bool) {
    self.content = Mutex(content)
    self.type = type
    isTrainable = trainable
    isOptionalWhenLoading = optional
  }

  public var shape: Shape { type.shape }

  /// The value: a leaf, or what was assigned and is not yet computed.
  public var tensor: Tensor {
    get {
      while true {
        if let found = content.withLock({ Parameter.read(&$0) }) { return found }
        // A step in another task is computing the next value.
        Thread.sleep(forTimeInterval: 0.0001)
      }
    }
    set {
      Tensor.trapping(file: #fileID, line: #line) { () throws(ShapeError) in try assign(newValue) }
    }
  }

  /// Assigns `tensor`, or throws the reason it cannot be the value.
  public func assign(_ tensor: Tensor) throws(ShapeError) {
    guard tensor.type == type else {
      throw ShapeError(
        "parameter",
        "holds \(type) and cannot become \(tensor.type); "
          + "make a new layer to change what it holds")
    }
    while true {
      // What was there is released after the lock: letting go of a graph may take a while.
      let (outcome, _) = content.withLock { content in
        let old = content
        return (Parameter.write(tensor, to: &content), old)
      }
      switch outcome {
      case .done: return
      case .isLent: Thread.sleep(forTimeInterval: 0.0001)
      case .neverComputed:
        throw ShapeError(
          "parameter",
          "\(type) was assigned \(Parameter.largestPendingAssignments) times and "
            + "never computed: a model that runs in training mode needs its optimizer's step, or "
            + "model.computeState(), or inference mode")
      }
    }
  }

  private enum Outcome {
    case done, isLent, neverComputed
  }

  private static func write(_ tensor: Tensor, to content: inout Content) -> Outcome {
    if case .lent = content { return .isLent }
    if let value = tensor.value {
      content = .kept(leaf: Tensor(value, role: .state), pending: nil, assignments: 0)
      return .done
    }
    _ = read(&content)
    guard case .kept(let leaf, _, let assignments) = content,
      assignments < largestPendingAssignments
    else { return .neverComputed }
    content = .kept(leaf: leaf, pending: tensor, assignments: assignments + 1)
    return .done
  }

  /// The current tensor, or `nil` while it is lent.
  private static func read(_ content: inout Content) -> Tensor? {
    switch content {
    case .kept(let leaf, nil, _): return leaf
    case .kept(_, let pending?, _):
      guard let value = pending.value else { return pending }
      let leaf = Tensor(value, role: .state)
      content = .kept(leaf: leaf, pending: nil, assignments: 0)
      return leaf
    case .lent: return nil
    }
  }
}

extension Parameter {
  /// What was assigned and waits to be computed.
  package var pending: Tensor? {
    _ = tensor
    return content.withLock {
      if case .kept(_, let pending, _) = $0 { pending } else { nil }
    }
  }

  /// Moves the leaf out, so that the step which computes the next value may be its only owner and
  /// write over it. Reading waits until ``keep(_:)``.
  package func lend() throws(ShapeError) -> Tensor {
    let lent = content.withLock { content -> Tensor? in
      _ = Parameter.read(&content)
      guard case .kept(let leaf, _, _) = content else { return nil }
      content = .lent
      return leaf
    }
    guard let lent else {
      throw ShapeError("parameter", "\(type) is being moved by another step at the same time")
    }
    return lent
  }

  /// Ends lending; the value is now this leaf.
  package func keep(_ leaf: Tensor) {
    content.withLock { $0 = .kept(leaf: leaf, pending: nil, assignments: 0) }
  }

  /// Goes back to the value before the assignments that were never computed.
  package func forgetPending() {
    content.withLock { content in
      if case .kept(let leaf, .some, _) = content {
        content = .kept(leaf: leaf, pending: nil, assignments: 0)
      }
    }
  }
}
