import FoveaFormats
import Testing

@Suite struct PickleAttackTests {
  private typealias P = PickleBuilder

  /// A file of PyTorch's whose pickle is `start`, these opcodes, and an end.
  private static func pickle(_ name: String, _ opcodes: [UInt8], _ refusal: String) -> Attack {
    Attack(name, P.file(P.start + opcodes + P.stop), refusal)
  }

  private static func value(_ name: String, _ opcodes: [UInt8], _ refusal: String) -> Attack {
    Attack(name, P.file(P.weights(opcodes)), refusal)
  }

  private static func call(_ module: String, _ name: String) -> Attack {
    pickle(
      "\(module).\(name)",
      P.global(module, name) + P.mark + P.text("echo") + P.tuple + P.reduce,
      "data.pkl, byte 2: found the Python object “\(module) \(name)”, expected tensors, numbers")
  }

  static let calls: [Attack] =
    [
      ("os", "system"), ("posix", "system"), ("nt", "system"), ("subprocess", "Popen"),
      ("builtins", "eval"), ("builtins", "exec"), ("builtins", "getattr"), ("__builtin__", "eval"),
      ("runpy", "_run_code"), ("importlib", "import_module"), ("sys", "modules"),
      ("webbrowser", "open"), ("torch", "load"), ("torch", "hub"),
      ("torch.storage", "_load_from_bytes"),
      ("torch.jit", "load"), ("torch._utils", "_rebuild_tensor_v3"),
      ("torch._utils", "_import_dotted_name"),
      ("torch._utils", "_rebuild_sparse_tensor"), ("torch.nn.modules.container", "Sequential"),
      ("collections", "OrderedDict.__init__"), ("collections", "defaultdict"), ("numpy", "load"),
      ("numpy.core.multiarray", "_reconstruct"), ("__main__", "Net"), ("functools", "partial"),
      ("torch", "FloatStorage.__class__"), ("torch", "UntypedStorage"),
    ].map { call($0.0, $0.1) }

  static let opcodes: [Attack] = [
    pickle(
      "a name from the stack", P.join(P.text("os"), P.text("system"), [0x93]),
      "found the Python object “os system”"),
    pickle(
      "a name of other values", P.join(P.none, P.none, [0x93]),
      "found None and None as names of an object, expected two texts"),
    pickle(
      "a new object", P.join(P.global("collections", "OrderedDict"), P.op(")"), [0x81]),
      "found opcode 129, expected one that PyTorch writes"),
    pickle(
      "an instance", P.join(P.mark, P.op("i"), Array("os\nsystem\n".utf8)), "found opcode “i”"),
    pickle("an object", P.join(P.mark, P.op("o")), "found opcode “o”"),
    pickle("an extension", [0x82, 1], "found opcode 130"),
    pickle("a persistent name", P.join(P.op("P"), Array("x\n".utf8)), "found opcode “P”"),
    pickle("a number as text", P.join(P.op("I"), Array("1\n".utf8)), "found opcode “I”"),
    pickle("an out-of-band buffer", [0x97], "found opcode 151"),
    pickle("an unknown opcode", [0xFF], "found opcode 255"),
    pickle("an unknown protocol", [0x80, 9], "found protocol 9, expected 2 to 5"),
    pickle("nothing made", [], "found an opcode that takes more than there is"),
    Attack(
      "no stop", P.file(P.join(P.start, P.dictionary)),
      "data.pkl, byte 3: found the end, expected 1 byte of an opcode; the pickle does not stop"),
    Attack("an empty pickle", P.file([]), "data.pkl, byte 0: found the end"),
    pickle("a tuple without mark", P.tuple, "found an opcode that looks for a mark"),
    pickle("a pair of nothing", [0x86], "found an opcode that takes more than there is"),
    pickle(
      "below the mark", P.join(P.none, P.mark, P.op("0"), P.op("0")),
      "found an opcode that takes more"),
    pickle("a copy of nothing", P.op("2"), "found an opcode that looks at more than there is"),
    pickle("an unknown memo", P.join(P.op("h"), [7]), "found memo 7, which was never stored"),
    pickle(
      "a large unknown memo", P.join(P.op("j"), little(0xFFFF_FFFF, 4)), "found memo 4294967295"),
    pickle("a memo of nothing", P.join(P.op("q"), [0]), "found an opcode that looks at more"),
    pickle(
      "an entry in a list", P.join(P.list, P.none, P.none, P.set), "found entries set in a list"),
    pickle(
      "half an entry", P.join(P.dictionary, P.mark, P.none, P.op("u")), "found 1 keys and values"),
    pickle(
      "an element of a dictionary", P.join(P.dictionary, P.none, P.op("a")),
      "found values appended to a dictionary, expected a list"),
    pickle(
      "a text beyond the file", P.join(P.op("X"), little(0xFFFF_FFFF, 4)),
      "found a text of 4294967295 bytes, expected at most the 1 that follow"),
    pickle(
      "a text beyond 63 bits", P.join([0x8D], little(.max, 8)),
      "found a text of 18446744073709551615"),
    pickle(
      "bytes beyond the file", P.join([0x8E], little(1 << 40, 8)), "found bytes of 1099511627776"),
    pickle(
      "a number beyond the file", P.join([0x8B], little(1 << 31, 4)), "found a number of 2147483648"
    ),
    pickle("a frame beyond the file", P.join([0x95], little(1 << 50, 8)), "found a frame of"),
    pickle("a text that is none", [0x8C, 1, 0xFF], "found a text that is not UTF-8"),
    pickle(
      "a name without end", P.join(P.op("c"), [UInt8](repeating: 65, count: 2000)),
      "found the name of a module of more than 1024 bytes"),
    pickle(
      "a call of a number", P.join(P.none, P.op(")"), P.reduce), "found a call of None with a tuple"
    ),
    pickle(
      "a call of a storage", P.join(P.global("torch", "FloatStorage"), P.op(")"), P.reduce),
      "found a call of the Python object “torch FloatStorage”"),
    pickle(
      "attributes of a number", P.join(P.none, P.dictionary, P.op("b")),
      "found a dictionary as attributes of None"),
    pickle(
      "attributes that are none", P.join(P.dictionary, P.none, P.op("b")),
      "found None as attributes of a dictionary"),
    pickle(
      "a dictionary of two lists",
      P.join(P.global("collections", "OrderedDict"), P.list, P.list, [0x86], P.reduce),
      "found a dictionary made of 2 values"),
    pickle(
      "a dictionary of triples",
      P.join(
        P.global("collections", "OrderedDict"), P.list, P.none, P.none, P.none, [0x87], P.op("a"),
        [0x85], P.reduce), "found 3 values, expected a key and a value"),
    pickle(
      "a reference to a module",
      P.join(P.mark, P.text("module"), P.none, P.none, P.tuple, P.op("Q")),
      "found a reference made of the text “module”, None, None"),
    pickle("a number as root", P.none, "the pickle: found None, expected a dictionary of tensors"),
    pickle("a list as root", P.list, "the pickle: found a list, expected a dictionary"),
    pickle(
      "a tensor as root", P.tensor([2], [1], storage: P.storage(4)),
      "the pickle: found a tensor, expected a dictionary"),
    pickle("an empty dictionary", P.dictionary, "the pickle: found an empty dictionary"),
    value("no tensor", P.none, "the pickle: found no tensors in “a”"),
    pickle(
      "a dictionary in itself",
      P.join(P.dictionary, P.op("q"), [0], P.text("state_dict"), P.op("h"), [0], P.set),
      "the pickle: found no tensors in “state_dict”"),
    pickle(
      "a list in itself", P.join(P.list, P.op("q"), [0], P.op("h"), [0], P.op("a")),
      "the pickle: found a list"),
    pickle(
      "a million lists in each other",
      P.join(
        [UInt8](repeating: UInt8(ascii: "]"), count: 400_000),
        [UInt8](repeating: UInt8(ascii: "a"), count: 399_999)), "the pickle: found a list"),
    pickle(
      "half a million tuples in each other",
      P.join(P.none, [UInt8](repeating: 0x85, count: 500_000)), "the pickle: found a tuple"),
    pickle(
      "more objects than allowed", [UInt8](repeating: UInt8(ascii: "]"), count: 1_000_001),
      "found more than 1000000 objects"),
    pickle(
      "marks alone", [UInt8](repeating: UInt8(ascii: "("), count: 1_000_000),
      "found an opcode that takes more than there is"),
    pickle(
      "one long list, made a dictionary again and again",
      P.join(
        P.list, P.op("q"), [0], P.mark, P.none, P.none, [0x86], P.op("q"), [1],
        (0..<100_000).flatMap { _ in P.join(P.op("h"), [1]) }, P.op("e"), P.op("0"),
        P.global("collections", "OrderedDict"), P.op("q"), [2], P.op("0"),
        (0..<100_000).flatMap { _ in P.join(P.op("h"), [2], P.op("h"), [0], [0x85], P.reduce) }),
      "found more than 1000000 objects"),
    pickle(
      "a hundred thousand names for one long dictionary",
      P.join(
        P.dictionary, P.op("q"), [0], P.mark,
        (0..<100_000).flatMap { index in P.join(P.text("\(index)"), P.none) }, P.op("u"), P.op("0"),
        P.dictionary, P.mark,
        (0..<100_000).flatMap { index in P.join(P.text("\(index)"), P.op("h"), [0]) }, P.op("u")),
      "the pickle: found no tensors in “0”, “1”, “2”"),
    pickle(
      "one long tuple as sizes, again and again",
      P.join(
        P.mark, (0..<100_000).flatMap { _ in P.join(P.op("K"), [1]) }, P.tuple, P.op("q"), [0],
        P.op("0"), P.global("torch._utils", "_rebuild_tensor_v2"), P.mark, P.storage(4),
        P.number(0), P.op("h"), [0], P.op("h"), [0], P.no, P.none, P.tuple, P.reduce),
      "found 100000 sizes, expected at most 64"),
    pickle(
      "a storage with a long name",
      P.storage(4, key: String(repeating: "0", count: 300)), "found a reference made of"),
    Attack(
      "a pickle that doubles itself",
      P.file(
        P.join(
          P.start, P.list, P.op("q"), [0],
          (0..<60).flatMap { _ in P.join(P.mark, P.op("h"), [0], P.op("h"), [0], P.op("e")) },
          P.stop)), "the pickle: found a list"),
  ]

  @Test(arguments: calls) func runsNothing(_ attack: Attack) throws {
    #expect(try attack.failure() == nil)
  }

  @Test(arguments: opcodes) func isRefused(_ attack: Attack) throws {
    #expect(try attack.failure() == nil)
  }

  @Test func anAttackIsCalledOne() throws {
    let file = try TemporaryFile(Self.calls[0].bytes)
    let error = #expect(throws: FileError.self) { try Weights.read(file.path) }
    #expect(error?.hint?.contains("may be an attack") == true)
  }
}
