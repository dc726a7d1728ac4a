import FoveaTensor
import Synchronization

/// Numbers that exist from when they are first looked at.
final class DrawnValue: StoredValue {
  let type: TensorType
  private let state: Mutex<State>

  private enum State {
    case named(InitialValue)
    case drawn(PlainValue)
  }

  init(_ initial: InitialValue) {
    type = initial.type
    state = Mutex(.named(initial))
  }

  func plain() -> PlainValue {
    state.withLock { state in
      switch state {
      case .drawn(let value): return value
      case .named(let initial):
        let value = initial.drawn()
        state = .drawn(value)
        return value
      }
    }
  }
}
