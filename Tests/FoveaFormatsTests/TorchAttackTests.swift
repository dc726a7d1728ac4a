import FoveaFormats
import Testing

/// Storages and views that are not what they claim, in both of PyTorch's formats.
@Suite struct TorchAttackTests {
  private typealias P = PickleBuilder

  private static func tensor(
    _ name: String, _ sizes: [Int], _ strides: [Int], offset: Int = 0, count: Int = 4,
    type: String = "FloatStorage", _ refusal: String
  ) -> Attack {
    let storage = P.storage(count, type)
    let tensor = P.tensor(sizes, strides, offset: offset, storage: storage)
    return Attack(name, P.file(P.weights(tensor)), refusal)
  }

  private static let outside = "expected at most the 4 elements of its storage"

  static let views: [Attack] = [
    tensor("one too many", [5], [1], "found a tensor that reaches to element 4, \(outside)"),
    tensor("an offset too large", [4], [1], offset: 1, "found a tensor that reaches to element 4"),
    tensor("a stride too large", [2], [4], "found a tensor that reaches to element 4"),
    tensor("a negative offset", [4], [1], offset: -1, "found a tensor made of a storage"),
    tensor("a negative size", [-4], [1], "found the number -4 among sizes"),
    tensor("a negative stride", [4], [-1], "found the number -1 among strides"),
    tensor("a stride that overflows", [3], [.max], "reaches to element beyond 64 bits"),
    tensor("strides that wrap round", [2, 2], [.max, .max], "reaches to element beyond 64 bits"),
    tensor("an offset that wraps round", [2], [1], offset: .max, "reaches to element beyond 64"),
    tensor("sizes that overflow", [.max, .max], [0, 0], "“a”: found shape [9223372036854775807"),
    tensor(
      "one number, repeated to 8 TiB", [1 << 20, 1 << 21], [0, 0],
      "“a”: found numbers of 8796093022208 bytes in all, expected at most"),
    tensor("more strides than sizes", [4], [1, 1], "found 1 sizes and 2 strides"),
    tensor(
      "65 axes", [Int](repeating: 1, count: 65), [Int](repeating: 1, count: 65),
      "found 65 sizes, expected at most 64"),
    tensor(
      "a storage larger than the file's", [8], [1], count: 8,
      "found storage “0” of 8 elements, expected 16 bytes of it, as the file has"),
    tensor(
      "a storage smaller than the file's", [2], [1], count: 2,
      "found storage “0” of 2 elements, expected 16 bytes"),
    tensor("a storage beyond 64 bits", [2], [1], count: .max, "expected 16 bytes of it"),
    tensor("a negative storage", [2], [1], count: -4, "found a reference made of"),
    tensor(
      "complex numbers", [2], [1], type: "ComplexFloatStorage", "“a”: found numbers of Complex"),
    tensor(
      "quantised numbers", [2], [1], type: "QInt8Storage", "“a”: found numbers of QInt8Storage"),
    Attack(
      "a missing storage",
      P.file(P.weights(P.tensor([4], [1], storage: P.storage(4, key: "9")))),
      "found storage “9” of 4 elements, expected one that the file has"),
    Attack(
      "a storage outside",
      P.file(P.weights(P.tensor([4], [1], storage: P.storage(4, key: "../data.pkl")))),
      "found storage “../data.pkl”"),
    Attack(
      "flags of 9",
      P.file(
        P.weights(P.tensor([4], [1], storage: P.storage(4, "BoolStorage"))), ["0": [0, 1, 9, 0]]),
      "found 9 among the flags of “a”"),
    Attack(
      "a tensor of nothing",
      P.file(
        P.weights(P.join(P.global("torch._utils", "_rebuild_tensor_v2"), P.op(")"), P.reduce))),
      "found a tensor made of"),
    Attack(
      "a parameter of nothing",
      P.file(
        P.weights(P.join(P.global("torch._utils", "_rebuild_parameter"), P.op(")"), P.reduce))),
      "found a parameter made of 0 values"),
    Attack(
      "a name twice",
      P.file(
        P.join(
          P.start, P.dictionary,
          (0..<2).flatMap { _ in
            P.join(P.text("a"), P.tensor([4], [1], storage: P.storage(4)), P.set)
          }, P.stop)), "“a”: found this name for the second time"),
    Attack(
      "several models",
      P.file(
        P.join(
          P.start, P.dictionary,
          ["x", "y"].flatMap { name in
            P.join(
              P.text(name), P.dictionary, P.text("a"), P.tensor([4], [1], storage: P.storage(4)),
              P.set, P.set)
          }, P.stop)), "the pickle: found tensors in several dictionaries: “x”, “y”"),
    Attack(
      "ten thousand names for one storage",
      P.file(
        P.join(
          P.start, P.dictionary, P.storage(1 << 18), P.op("q"), [0], P.op("0"), P.mark,
          (0..<10_000).flatMap { index in
            P.join(P.text("t\(index)"), P.tensor([1 << 18], [1], storage: P.join(P.op("h"), [0])))
          }, P.op("u"), P.stop), ["0": P.zeros(1 << 20)]),
      "bytes in all, expected at most"),
  ]

  /// A hostile name may repeat what wrappers put before names a hundred thousand times.
  @Test func wrappersAreTakenAwayAFewTimesOnly() throws {
    let name = String(repeating: "module.", count: 100_000) + "a"
    let file = try TemporaryFile(
      P.file(P.weights(P.tensor([4], [1], storage: P.storage(4)), name: name)))
    let clock = ContinuousClock()
    let start = clock.now
    #expect(try Weights.read(file.path).notes.count == 4)
    let time = clock.now - start
    #expect(time < .seconds(1))
  }

  private static let four = P.weights(P.tensor([4], [1], storage: P.storage(4, view: P.none)))
  private static let numbers = little(4, 8) + P.zeros(16)

  static let legacy: [Attack] = [
    Attack(
      "another protocol", P.legacy(four, version: 1000, storages: numbers),
      "the protocol: found the number 1000, expected the number 1001"),
    Attack(
      "big-endian",
      P.legacy(
        four, system: P.join(P.start, P.dictionary, P.text("little_endian"), P.no, P.set, P.stop),
        storages: numbers), "“little_endian”: found False, expected True"),
    Attack(
      "facts that are no dictionary",
      P.legacy(four, system: P.join(P.start, P.none, P.stop), storages: numbers),
      "the facts of the system: found None"),
    Attack(
      "a storage of another size", P.legacy(four, storages: P.join(little(5, 8), P.zeros(20))),
      "found 5 elements of storage “0”, expected 4, as its tensors say"),
    Attack(
      "a storage of a huge size", P.legacy(four, storages: little(.max, 8)),
      "found 18446744073709551615 elements of storage “0”"),
    Attack(
      "a storage cut off", P.legacy(four, storages: P.join(little(4, 8), P.zeros(15))),
      "found only 15 bytes more, expected 16 bytes of storage “0”"),
    Attack(
      "more than the storages", P.legacy(four, storages: P.join(numbers, [0])),
      "found 1 bytes behind the last storage, expected the end of the file"),
    Attack(
      "no storages", P.legacy(four, keys: [], storages: []), "found storage “0” of 4 elements"),
    Attack(
      "an unknown storage", P.legacy(four, keys: ["7"], storages: numbers),
      "found the text “7” among the names of storages"),
    Attack(
      "a storage twice", P.legacy(four, keys: ["0", "0"], storages: P.join(numbers, numbers)),
      "found storage “0” for the second time"),
    Attack(
      "a view outside",
      P.legacy(
        P.weights(
          P.tensor(
            [2], [1],
            storage: P.storage(
              4, view: P.join(P.mark, P.text("v"), P.number(3), P.number(2), P.tuple)))),
        storages: numbers), "found a view made of the text “v”, the number 3, the number 2"),
    Attack(
      "a call", P.legacy(P.join(P.start, P.global("os", "system")), storages: numbers),
      "found the Python object “os system”"),
    Attack("the magic alone", P.legacyMagic, "found the end, expected 1 byte of an opcode"),
  ]

  @Test(arguments: views) func isRefused(_ attack: Attack) throws {
    #expect(try attack.failure() == nil)
  }

  @Test(arguments: legacy) func isRefusedAlsoInOldFiles(_ attack: Attack) throws {
    #expect(try attack.failure() == nil)
  }

  /// What the attacks are mutations of can be read.
  @Test func theHonestFileIsRead() throws {
    let numbers = [Float](arrayLiteral: 1, 2, 3, 4).flatMap { little(UInt64($0.bitPattern), 4) }
    let view = P.mark + P.text("v") + P.number(1) + P.number(3) + P.tuple
    let part = P.weights(P.tensor([2], [2], storage: P.storage(4, view: view)))
    for (bytes, expected) in [
      (P.file(Self.four, ["0": numbers]), [1.0, 2, 3, 4]),
      (P.legacy(Self.four, storages: little(4, 8) + numbers), [1, 2, 3, 4]),
      (P.legacy(part, storages: little(4, 8) + numbers), [2, 4]),
    ] {
      let file = try TemporaryFile(bytes)
      let tensors = try Weights.read(file.path).tensors
      #expect(tensors.mapValues(GoldenWeights.scalars) == ["a": expected])
    }
  }
}
