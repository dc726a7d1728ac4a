/// How a normalisation sees its operand: as `[batch, groups, members, pixels]`.
///
/// Scale and shift are one number per member. A mean and a variance are taken over the members and
/// pixels of a group, of one image or of the whole batch; that is all in which batch, layer, group
/// and instance normalisation differ.
package struct NormalizationView: Hashable, Sendable {
  package let batch: Int
  package let groups: Int
  package let members: Int
  package let pixels: Int
  /// Whether a whole batch shares its statistics.
  package let sharesStatistics: Bool

  package var shape: Shape { [batch, groups, members, pixels] }

  package var statisticAxes: [Int] { sharesStatistics ? [0, 2, 3] : [2, 3] }

  package var statisticShape: Shape { [sharesStatistics ? 1 : batch, groups, 1, 1] }

  package var parameterShape: Shape { [1, groups, members, 1] }

  /// How many elements one mean is taken over.
  package var elementsPerStatistic: Int { shape.count / statisticShape.count }

  /// Visits every element with the positions of its statistics and its parameters.
  package func forEachElement(
    _ body: (_ element: Int, _ statistic: Int, _ parameter: Int) -> Void
  ) {
    var element = 0
    for n in 0..<batch {
      for group in 0..<groups {
        let statistic = sharesStatistics ? group : n * groups + group
        for member in 0..<members {
          for _ in 0..<pixels {
            body(element, statistic, group * members + member)
            element += 1
          }
        }
      }
    }
  }
}
