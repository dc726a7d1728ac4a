extension NumberText {
  /// A large count with three digits: `4.09 G`, `569 M`, `416 k`, `12`.
  public static func large(_ count: Int) -> String {
    let units = ["", " k", " M", " G", " T", " P", " E"]
    var value = Double(count)
    var unit = 0
    // What would be rounded to 1000 is 1.00 of the next unit.
    while abs(value) >= 999.5, unit + 1 < units.count {
      value /= 1000
      unit += 1
    }
    guard unit > 0 else { return "\(count)" }
    let digits = abs(value) < 9.995 ? 2 : abs(value) < 99.95 ? 1 : 0
    return fixed(value, digits) + units[unit]
  }
}
