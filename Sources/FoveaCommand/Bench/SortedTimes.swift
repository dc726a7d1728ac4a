/// Times of the same thing over and over, the shortest first.
struct SortedTimes {
  private let times: [Double]

  /// There must be one at least.
  init(_ times: [Double]) {
    precondition(!times.isEmpty, "there is nothing in the middle of nothing")
    self.times = times.sorted()
  }

  var count: Int { times.count }
  var least: Double { times[0] }

  /// The middle one, or the mean of the two in the middle.
  var median: Double { (times[(count - 1) / 2] + times[count / 2]) / 2 }

  /// The least time that so many percent of all do not exceed.
  func percentile(_ percent: Int) -> Double {
    times[min(count - 1, max(0, (count * percent + 99) / 100 - 1))]
  }
}
