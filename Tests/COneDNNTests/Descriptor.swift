import COneDNN

/// A memory descriptor, kept until the process ends.
///
/// A class may be released after its last mention, which is before the C function that got its raw
/// handle returns; tests would be full of `withExtendedLifetime`. `LifetimeTests` frees by hand.
final class Descriptor {
  let raw: OpaquePointer

  init(_ create: (inout OpaquePointer?) -> Int32) throws {
    raw = try made(create)
  }

  static func plain(
    _ dims: [Int64], _ type: odn_type = ODN_F32, strides: [Int64]? = nil
  ) throws -> Descriptor {
    try Descriptor { odn_md_create(type, Int32(dims.count), dims, strides, &$0) }
  }

  static func any(_ dims: [Int64], _ type: odn_type = ODN_F32) throws -> Descriptor {
    try Descriptor { odn_md_create_any(type, Int32(dims.count), dims, &$0) }
  }

  static func channelsLast(_ dims: [Int64], _ type: odn_type = ODN_F32) throws -> Descriptor {
    try Descriptor { odn_md_create_channels_last(type, Int32(dims.count), dims, &$0) }
  }

  static func channelBlocked(
    _ dims: [Int64], _ block: Int64, _ type: odn_type = ODN_F32
  ) throws -> Descriptor {
    try Descriptor { odn_md_create_channel_blocked(type, Int32(dims.count), dims, block, &$0) }
  }

  var rank: Int { Int(odn_md_rank(raw)) }
  var size: Int { odn_md_size(raw) }
  var type: odn_type { odn_md_type(raw) }
  var dims: [Int64] { numbers(odn_md_dims) }
  var padded: [Int64] { numbers(odn_md_padded_dims) }
  var strides: [Int64] { numbers(odn_md_strides) }
  var order: [Int64] { numbers(odn_md_order) }

  var blocks: (sizes: [Int64], axes: [Int64]) {
    var sizes = [Int64](repeating: 0, count: ODN_MAX_RANK)
    var axes = sizes
    let count = Int(odn_md_inner_blocks(raw, &sizes, &axes))
    return (Array(sizes.prefix(count)), Array(axes.prefix(count)))
  }

  var text: String {
    var bytes = [CChar](repeating: 0, count: 256)
    _ = odn_md_text(raw, &bytes, 256)
    return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8($0) }, as: UTF8.self)
  }

  private func numbers(_ read: (OpaquePointer?, UnsafeMutablePointer<Int64>?) -> Void) -> [Int64] {
    var result = [Int64](repeating: 0, count: rank)
    read(raw, &result)
    return result
  }
}
