import Foundation

/// Runs a target on files that are kept.
enum Replay {
  /// Every file, and every file in every folder; the exit code.
  static func run(_ target: FuzzTarget, _ paths: some Sequence<String>) -> Int32 {
    var files: [String] = []
    for path in paths {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        FileHandle.standardError.write(Data("fuzz: there is no \(path)\n".utf8))
        return 66
      }
      let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
      files += isFolder.boolValue ? names.sorted().map { "\(path)/\($0)" } : [path]
    }
    for file in files {
      guard let data = FileManager.default.contents(atPath: file) else {
        FileHandle.standardError.write(Data("fuzz: \(file) cannot be read\n".utf8))
        return 66
      }
      let start = ContinuousClock.now
      target.run(Array(data))
      let time = ContinuousClock.now - start
      guard time < .seconds(1) else {
        FileHandle.standardError.write(Data("fuzz: \(file) took \(time)\n".utf8))
        return 1
      }
    }
    print("\(target.name): \(files.count) files")
    return files.isEmpty ? 1 : 0
  }
}
