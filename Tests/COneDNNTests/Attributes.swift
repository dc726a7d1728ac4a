import COneDNN

/// Owns attributes while primitives are made from them.
final class Attributes {
  let raw: OpaquePointer

  init(_ fill: (OpaquePointer) throws -> Void) throws {
    raw = try made { odn_attributes_create(&$0) }
    try fill(raw)
  }

  deinit {
    odn_attributes_destroy(raw)
  }
}
