#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension SystemFacts {
  /// The facts of this machine; what cannot be read stays unknown.
  public static func current() -> SystemFacts {
    var facts = SystemFacts()
    #if canImport(Darwin)
      facts.readDarwin()
    #else
      facts.readLinux()
    #endif
    return facts
  }

  #if canImport(Darwin)
    private mutating func readDarwin() {
      processor = Self.text("machdep.cpu.brand_string") ?? processor
      threads = Self.number("hw.activecpu") ?? 1
      cores = Self.number("hw.physicalcpu")
      memory = Self.number("hw.memsize")
      system = "macOS \(Self.text("kern.osproductversion") ?? "")"
      let names = [
        "FEAT_FP16": "fp16", "FEAT_BF16": "bf16", "FEAT_I8MM": "i8mm", "FEAT_SME": "sme",
      ]
      features = names.keys.sorted().filter { Self.number("hw.optional.arm.\($0)") == 1 }
        .compactMap { names[$0] }
    }

    private static func text(_ name: String) -> String? {
      var size = 0
      guard sysctlbyname(name, nil, &size, nil, 0) == 0, size > 0 else { return nil }
      var bytes = [UInt8](repeating: 0, count: size)
      guard sysctlbyname(name, &bytes, &size, nil, 0) == 0 else { return nil }
      return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    private static func number(_ name: String) -> Int? {
      var value: Int64 = 0
      var size = MemoryLayout<Int64>.size
      guard sysctlbyname(name, &value, &size, nil, 0) == 0 else { return nil }
      return Int(value)
    }
  #else
    private mutating func readLinux() {
      if let text = Self.contents(of: "/proc/cpuinfo") { read(processorInformation: text) }
      if let text = Self.contents(of: "/proc/meminfo") { read(memoryInformation: text) }
      if let text = Self.contents(of: "/sys/fs/cgroup/memory.max") { read(memoryLimit: text) }
      if let text = Self.contents(of: "/etc/os-release") { read(systemRelease: text) }
      var name = utsname()
      if uname(&name) == 0 {
        let release = withUnsafeBytes(of: name.release) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        system += ", Linux \(release)"
      }
      threads = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
      if let text = Self.contents(of: "/proc/self/status") { read(processStatus: text) }
    }

    /// The beginning of a small file of the system.
    private static func contents(of path: String) -> String? {
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return nil }
      defer { close(descriptor) }
      let limit = 4 << 20
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      while bytes.count < limit {
        let count = pread(descriptor, &buffer, buffer.count, off_t(bytes.count))
        if count <= 0 { break }
        bytes += buffer.prefix(count)
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  #endif
}
