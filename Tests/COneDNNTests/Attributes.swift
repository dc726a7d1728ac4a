import COneDNN

/// Attributes, kept until the process ends.
final class Attributes {
  let raw: OpaquePointer

  init(_ fill: (OpaquePointer) throws -> Void) throws {
    raw = try made { odn_attributes_create(&$0) }
    try fill(raw)
  }
}
