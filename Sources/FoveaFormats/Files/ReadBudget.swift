/// What is left of the bytes that the numbers of a file may take.
struct ReadBudget {
  private let allowed: Int
  private var spent = 0

  init(_ limits: ReadLimits, fileSize: Int) {
    let (product, overflow) = fileSize.multipliedReportingOverflow(by: limits.expansion)
    let (sum, overflow2) = product.addingReportingOverflow(limits.allowance)
    allowed = overflow || overflow2 ? limits.bytes : min(limits.bytes, sum)
  }

  /// Takes `count` bytes, or says that the file asks for too much.
  mutating func spend(
    _ count: Int, _ refusal: (_ found: String, _ expected: String) -> FileError
  ) throws(FileError) {
    let (sum, overflow) = spent.addingReportingOverflow(count)
    guard !overflow, sum <= allowed else {
      throw refusal(
        "numbers of \(overflow ? "more than \(Int.max)" : "\(sum)") bytes in all",
        "at most \(allowed) from a file of this size")
    }
    spent = sum
  }
}
