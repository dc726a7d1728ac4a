import Testing

@testable import FoveaTraining

@Suite struct DigitsTests {
  @Test func theSameSeedDrawsTheSameDigits() {
    let first = Digits(seed: 7).images(split: .training, indices: 0..<50)
    let second = Digits(seed: 7).images(split: .training, indices: 0..<50)
    #expect(first.count == 50 * 784)
    #expect(first == second)
  }

  @Test func aDigitDoesNotDependOnTheOthers() {
    let digits = Digits(seed: 1)
    let order = [41, 3, 3, 99_999, 0]
    let together = digits.images(split: .validation, indices: order)
    for (place, index) in order.enumerated() {
      let alone = digits.image(split: .validation, index: index)
      #expect(Array(together[(place * 784)..<((place + 1) * 784)]) == alone)
    }
  }

  @Test func noTwoDigitsAreTheSame() {
    var seen: Set<[UInt8]> = []
    var drawn = 0
    for seed: UInt64 in [0, 1, .max] {
      for split in Digits.Split.allCases {
        for index in 0..<200 {
          seen.insert(Digits(seed: seed).image(split: split, index: index))
          drawn += 1
        }
      }
    }
    #expect(seen.count == drawn)
  }

  @Test(arguments: Digits.Split.allCases)
  func everyTenDigitsHoldEveryClass(_ split: Digits.Split) {
    let digits = Digits(seed: 5)
    for block in 0..<100 {
      let labels = (0..<10).map { digits.label(split: split, index: block * 10 + $0) }
      #expect(Set(labels) == Set(0..<10))
    }
  }

  @Test func classesComeInNoFixedOrder() {
    let digits = Digits(seed: 5)
    for place in 0..<10 {
      var counts = [Int](repeating: 0, count: 10)
      for block in 0..<2000 {
        counts[digits.label(split: .training, index: block * 10 + place)] += 1
      }
      // 200 are expected of each; seven standard deviations are 94.
      #expect(counts.allSatisfy { (106...294).contains($0) }, "place \(place): \(counts)")
    }
  }

  @Test func everyIndexHasADigit() {
    let digits = Digits(seed: .max)
    for index in [Int.min, -1, Int.max] {
      #expect((0..<10).contains(digits.label(split: .test, index: index)))
      #expect(digits.image(split: .test, index: index).count == 784)
    }
  }

  @Test func inkIsDarkOnCleanPaperAndInsideThePicture() {
    let digits = Digits(seed: 2)
    for index in 0..<1000 {
      let pixels = digits.image(split: .training, index: index)
      let ink = pixels.count { $0 >= 128 }
      #expect((12...400).contains(ink), "digit \(index) has \(ink) dark pixels")
      #expect((pixels.max() ?? 0) >= 150)
      let cut = (0..<784).count { place in
        let (row, column) = place.quotientAndRemainder(dividingBy: 28)
        let isEdge = row == 0 || row == 27 || column == 0 || column == 27
        return isEdge && pixels[place] >= 128
      }
      #expect(cut <= 6, "digit \(index) leaves the picture")
    }
  }

  /// A picture belongs to its label, but comparing with the average picture of each class is too
  /// little to read these digits well: there is something for a network to learn.
  @Test func averagesReadTheDigitsButNotWell() {
    let digits = Digits(seed: 3)
    var means = [[Float]](repeating: [Float](repeating: 0, count: 784), count: 10)
    for index in 0..<2000 {
      let label = digits.label(split: .training, index: index)
      for (place, pixel) in digits.image(split: .training, index: index).enumerated() {
        means[label][place] += Float(pixel) / 200
      }
    }
    var right = 0
    for index in 0..<1000 {
      let pixels = digits.image(split: .test, index: index).map { Float($0) }
      let distances = means.map { mean in
        zip(mean, pixels).reduce(Float(0)) { sum, pair in
          let difference = pair.0 - pair.1
          return sum + difference * difference
        }
      }
      let nearest = distances.indices.min { distances[$0] < distances[$1] }
      right += nearest == digits.label(split: .test, index: index) ? 1 : 0
    }
    #expect((500...850).contains(right), "\(right) of 1000 are read")
  }
}
