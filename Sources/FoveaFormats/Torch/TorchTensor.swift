/// Numbers outside of a pickle, as a pickle refers to them.
struct TorchStorage: Hashable, Sendable {
  let type: TorchStorageType
  let key: String
  /// Elements of the whole storage.
  let count: Int
  /// Where the part that is meant begins.
  let offset: Int
  /// Where in the pickle the reference stands.
  let place: Int

  /// Bytes of the whole storage, or `nil` beyond 64 bits.
  var byteCount: Int? {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: type.size)
    return overflow ? nil : bytes
  }
}

/// A view into a storage.
struct TorchTensor: Hashable, Sendable {
  /// Its number among the storages of the machine.
  let storage: Int
  let offset: Int
  let sizes: [Int]
  let strides: [Int]
  /// Where in the pickle it was made.
  let place: Int

  /// Refuses a view any element of which lies outside of its storage.
  func check(
    inside storage: TorchStorage, _ refusal: (_ found: String, _ expected: String) -> FileError
  ) throws(FileError) {
    if sizes.contains(0) { return }
    var last: Int? = TorchTensor.sum(storage.offset, offset)
    for (size, stride) in zip(sizes, strides) {
      let (reach, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
      last = overflow ? nil : last.flatMap { TorchTensor.sum($0, reach) }
    }
    guard let last, last < storage.count else {
      throw refusal(
        "a tensor that reaches to element \(last.map(String.init) ?? "beyond 64 bits")",
        "at most the \(storage.count) elements of its storage")
    }
  }

  private static func sum(_ a: Int, _ b: Int) -> Int? {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? nil : sum
  }
}
