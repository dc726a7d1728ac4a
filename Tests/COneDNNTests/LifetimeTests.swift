import COneDNN
import Testing

/// Freeing: in any order, more than once round, and nothing at all.
struct LifetimeTests {
  @Test func nothing() {
    odn_md_destroy(nil)
    odn_attributes_destroy(nil)
    odn_primitive_destroy(nil)
    odn_call_destroy(nil)
    odn_stream_destroy(nil)
  }

  @Test func everythingIsCopiedFromWhatMadeIt() throws {
    for _ in 0..<100 {
      let shape: [Int64] = [1, 16, 4, 4]
      let data = try made { odn_md_create_channel_blocked(ODN_F32, 4, shape, 16, &$0) }
      let operand = try made { odn_md_create_any(ODN_F32, 4, [1, 16, 1, 1], &$0) }
      let attributes = try made { odn_attributes_create(&$0) }
      try check(odn_attributes_add_binary(attributes, ODN_ADD, operand))
      odn_md_destroy(operand)
      let primitive = try made {
        odn_pooling_forward(
          ODN_POOLING_AVERAGE, 0, data, data, [3, 3], nil, nil, [1, 1], [1, 1], attributes, &$0)
      }
      odn_attributes_destroy(attributes)
      odn_md_destroy(data)
      let md = try made { odn_primitive_md(primitive, ODN_ARG_DST.number, &$0) }
      odn_primitive_destroy(primitive)
      var dims = [Int64](repeating: 0, count: 4)
      odn_md_dims(md, &dims)
      #expect(dims == shape)
      odn_md_destroy(md)
    }
  }
}
