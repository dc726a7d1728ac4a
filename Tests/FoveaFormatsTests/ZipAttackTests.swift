import FoveaFormats
import Testing

@Suite struct ZipAttackTests {
  private typealias P = PickleBuilder
  private typealias Entry = ZipBuilder.Entry

  private static let pickle = Entry(
    "archive/data.pkl", P.weights(P.tensor([4], [1], storage: P.storage(4))))
  private static let storage = Entry("archive/data/0", P.zeros(16))

  private static func zip(_ change: (inout ZipBuilder) -> Void) -> [UInt8] {
    var zip = ZipBuilder([pickle, storage])
    change(&zip)
    return zip.bytes
  }

  /// The archive with its pickle changed.
  private static func entry(
    _ name: String, _ change: @escaping (inout Entry) -> Void, _ refusal: String
  ) -> Attack {
    Attack(name, zip { $0.entries[0] = $0.entries[0].changed(change) }, refusal)
  }

  static let attacks: [Attack] = [
    entry("another name", { $0.localName = "archive/data.pkx" }, "found another name of"),
    entry("a shorter name", { $0.localName = "a" }, "found another name of"),
    entry("another size", { $0.localCount = 3 }, "found another size of “archive/data.pkl”"),
    entry("another method", { $0.localMethod = 8 }, "found another method of"),
    entry("another checksum", { $0.localChecksum = 3 }, "found another checksum of"),
    entry(
      "a wrong checksum", { $0.checksum ^= 1 }, "found “archive/data.pkl” with another checksum"),
    entry("an encrypted entry", { $0.flags = 1 }, "found an encrypted or otherwise special entry"),
    entry("method 9", { $0.method = 9 }, "found compression method 9"),
    entry("a position beyond the file", { $0.position = 1 << 30 }, "beyond the file"),
    entry("a position in the middle", { $0.position = 5 }, "found no header of"),
    entry("more than is stored", { $0.count += 1 }, "expected as many"),
    entry("a path upwards", { $0.name = "../data.pkl" }, "expected one that the file has"),
    entry(
      "sizes behind that disagree",
      {
        $0.flags = 8
        $0.descriptor = little(0x0807_4B50, 4) + little($0.checksum, 4) + little(1, 8)
      }, "found another size of “archive/data.pkl” than in the directory"),
    Attack("two for one place", zip { $0.entries[1].position = 0 }, "that overlaps"),
    Attack(
      "a name twice", zip { $0.entries.append($0.entries[1]) },
      "found “archive/data/0” for the second time"),
    Attack(
      "two pickles", zip { $0.entries.append(Entry("other/data.pkl", P.start)) },
      "the archive: found an archive of"),
    Attack("a count too small", zip { $0.claimedCount = 1 }, "bytes more in the directory"),
    Attack("a count too large", zip { $0.claimedCount = 3 }, "found the end, expected 4 bytes"),
    Attack("more than one disk", zip { $0.disk = 1 }, "found one of several disks"),
    Attack("a directory elsewhere", zip { $0.directoryShift = 7 }, "found a directory of"),
    Attack("a directory before", zip { $0.directoryShift = .max }, "found a directory of"),
    Attack("bytes behind", zip { _ in } + [0], "found no end of a zip archive"),
    Attack("bytes before", [0] + zip { _ in }, "found a file of"),
    Attack("an empty archive", ZipBuilder([]).bytes, "the archive: found an empty archive"),
    Attack("the first bytes alone", [0x50, 0x4B, 3, 4], "found no end of a zip archive"),
    Attack(
      "NumPy arrays", ZipBuilder([Entry("a.npy", [1])]).bytes, "the archive: found NumPy arrays"),
    Attack(
      "a program", zip { $0.entries.append(Entry("archive/constants.pkl", [1])) },
      "the archive: found a TorchScript program"),
    Attack(
      "a big-endian file", zip { $0.entries.append(Entry("archive/byteorder", Array("big".utf8))) },
      "“archive/byteorder”: found “big”, expected “little”"),
    Attack(
      "100 MiB of zeros, deflated",
      zip { $0.entries[1] = Entry("archive/data/0", P.zeros(100 << 20)).deflated() },
      "bytes in all, expected at most"),
    Attack(
      "a claim no deflate can keep",
      zip { $0.entries[1] = $0.entries[1].deflated().changed { $0.count = 1 << 31 } },
      "found 2147483648 bytes of “archive/data/0”"),
    Attack(
      "less than claimed",
      zip { $0.entries[1] = $0.entries[1].deflated().changed { $0.count = 17 } },
      "found 16 bytes when inflated, expected exactly 17"),
    Attack(
      "more than claimed",
      zip { $0.entries[1] = $0.entries[1].deflated().changed { $0.count = 15 } },
      "expected exactly 15 bytes"),
    Attack(
      "a broken stream",
      zip { $0.entries[1] = $0.entries[1].deflated().changed { $0.stored[0] = 7 } },
      "found a broken deflate stream"),
    Attack(
      "a stream with a tail",
      zip { $0.entries[1] = $0.entries[1].deflated().changed { $0.stored.append(0) } },
      "found a broken deflate stream"),
    Attack(
      "one flipped bit among the numbers",
      zip { $0.entries[1] = $0.entries[1].changed { $0.stored[3] ^= 0x10 } },
      "found “archive/data/0” with another checksum, expected the one in the directory"),
    Attack(
      "other contents than promised",
      zip { $0.entries[1] = $0.entries[1].deflated().changed { $0.checksum ^= 1 } },
      "found “archive/data/0” with another checksum"),
  ]

  @Test(arguments: attacks) func isRefused(_ attack: Attack) throws {
    #expect(try attack.failure() == nil)
  }

  @Test func theHonestArchiveIsRead() throws {
    let stored = Self.zip { _ in }
    let deflated = Self.zip { zip in zip.entries = zip.entries.map { $0.deflated() } }
    let described = Self.zip { zip in
      zip.entries = zip.entries.map { entry in
        entry.changed {
          $0.flags = 0x808
          $0.descriptor =
            little(0x0807_4B50, 4) + little($0.checksum, 4) + little($0.count, 4)
            + little($0.count, 4)
        }
      }
      zip.comment = Array("PK\u{5}\u{6} is only a comment".utf8)
    }
    for bytes in [stored, deflated, described] {
      let file = try TemporaryFile(bytes)
      let tensors = try Weights.read(file.path).tensors
      #expect(tensors.mapValues(GoldenWeights.scalars) == ["a": [0, 0, 0, 0]])
    }
  }
}
