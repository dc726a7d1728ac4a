import Foundation
import FoveaPictures
import Testing

@Suite struct DamageTests {
  @Test(arguments: DamageCase.all)
  func whatIsWrongIsSaid(_ damage: DamageCase) {
    let error = #expect(throws: PictureError.self) {
      try Picture.decode(damage.bytes, named: "x")
    }
    #expect(error?.description == "x \(damage.reason)")
    #expect(error?.kind == damage.kind)
  }

  /// Every beginning of every file: refused in words, but for what ends in bytes nobody needs.
  @Test(arguments: PictureFile.all)
  func aFileThatIsCutOffIsNotRead(_ file: PictureFile) {
    var accepted: [Int] = []
    for count in 0..<file.file.count {
      do {
        let picture = try Picture.decode(Array(file.bytes.prefix(count)), named: "x")
        #expect((picture.width, picture.height) == (file.width, file.height))
        accepted.append(count)
      } catch {
        #expect(!error.reason.isEmpty)
      }
    }
    // Bytes behind the end, the end of the runs, and a last digit or line that nobody misses.
    let spare = [
      "jpeg, bytes behind the end": 14, "bmp, runs of 8 bits": 2, "bmp, runs of 4 bits": 2,
      "ppm, text": 1, "pgm, text": 1,
    ]
    #expect(accepted.count <= spare[file.name] ?? 0, "\(accepted)")
  }

  /// Bytes changed, copied over each other and cut: a picture or a sentence, and never a long wait.
  @Test(arguments: PictureFile.all)
  func mutationsEndWell(_ file: PictureFile) {
    var random = Mutation(seed: file.name.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
    let limits = PictureLimits(pixels: 1 << 20, bytes: 1 << 20)
    var (read, refused) = (0, 0)
    for _ in 0..<400 {
      let bytes = random.mutated(file.bytes)
      do {
        let picture = try Picture.decode(bytes, named: "x", limits: limits)
        #expect(picture.values.count == picture.width * picture.height * 3)
        #expect(picture.width * picture.height <= limits.pixels)
        read += 1
      } catch {
        #expect(error.name == "x" && !error.reason.isEmpty)
        refused += 1
      }
    }
    #expect(read + refused == 400 && refused > 0)
  }

  /// What once broke a reader, and what fuzzing begins with.
  @Test(arguments: ["jpeg", "png", "bmp", "netpbm"])
  func keptFilesEndWell(_ target: String) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Fuzz/corpus/\(target)").standardizedFileURL
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(!names.isEmpty)
    let limits = PictureLimits(pixels: 1 << 20, bytes: 1 << 20)
    for name in names.sorted() {
      let bytes = [UInt8](try Data(contentsOf: folder.appending(path: name)))
      let time = ContinuousClock().measure {
        let picture = try? Picture.decode(bytes, named: name, limits: limits)
        #expect((picture?.values.count ?? 0) <= 3 * limits.pixels)
      }
      #expect(time < .seconds(1), "\(name)")
    }
  }

  @Test func filesThatAreNotThereAreSaid() throws {
    let folder = FileManager.default.temporaryDirectory.path
    func failure(_ path: String, _ limits: PictureLimits = PictureLimits()) -> PictureError? {
      #expect(throws: PictureError.self) { try Picture.read(path, limits: limits) }
    }
    let missing = failure("no/such/file.png")
    #expect(missing?.description == "no/such/file.png does not exist")
    #expect(missing?.kind == .unreadable)
    #expect(failure(folder)?.description == "\(folder) is a folder, not a picture")
    #expect(failure("/dev/null")?.description == "/dev/null is not a regular file")
    let path = folder + "/fovea-\(UUID().uuidString).ppm"
    try Data("P6 1 1 255\nabc".utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(try Picture.read(path).values == Array("abc".utf8))
    let large = failure(path, PictureLimits(bytes: 13))
    #expect(large?.description == "\(path) has 14 bytes; at most 13 are read")
    #expect(large?.kind == .tooLarge)
  }
}
