/// Numbers that exist, in whatever layout their owner keeps them.
///
/// The runtime keeps weights in blocked layouts; a value of that kind is opaque here and turns
/// plain only when a person looks.
package protocol StoredValue: AnyObject, Sendable {
  var type: TensorType { get }
  /// The same numbers in row-major order.
  func plain() -> PlainValue
}
