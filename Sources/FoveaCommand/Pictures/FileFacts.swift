#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What the system says is at a path.
struct FileFacts {
  enum Kind {
    case file, folder, missing
  }

  let kind: Kind

  /// Links are followed; whatever is neither a folder nor missing is left to whoever opens it.
  init(_ path: String) {
    var facts = stat()
    guard stat(path, &facts) == 0 else {
      kind = .missing
      return
    }
    kind = facts.st_mode & S_IFMT == S_IFDIR ? .folder : .file
  }

  /// The names in a folder but for hidden ones, in the order of their bytes; `nil` where it cannot be
  /// read.
  static func names(in folder: String) -> [String]? {
    guard let stream = opendir(folder) else { return nil }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: tuple.pointee))
        {
          String(cString: $0)
        }
      }
      if !name.hasPrefix("."), name != "__MACOSX" { names.append(name) }
    }
    return names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }

  /// Whether the folder itself is a link.
  static func isLink(_ path: String) -> Bool {
    var facts = stat()
    return lstat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFLNK
  }
}
