/// Numbers as people read them.
public enum NumberText {
  /// A number with `digits` digits after the point, at most 6: `3.142`.
  ///
  /// What is too large to be read that way, or is no number, is written as Swift does.
  public static func fixed(_ value: Double, _ digits: Int) -> String {
    let digits = min(max(digits, 0), 6)
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
    let scaled = Int((abs(value) * scale).rounded())
    let sign = value < 0 && scaled > 0 ? "-" : ""
    let whole = "\(sign)\(scaled / Int(scale))"
    guard digits > 0 else { return whole }
    let fraction = String(scaled % Int(scale))
    return whole + "." + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  /// A share as a percentage: `97.25 %`.
  public static func percent(_ share: Double, _ digits: Int = 2) -> String {
    "\(fixed(share * 100, digits)) %"
  }

  /// A whole number with a comma between thousands: `61,706`.
  public static func grouped(_ value: Int) -> String {
    var text = ""
    for (position, digit) in String(value.magnitude).reversed().enumerated() {
      if position > 0, position % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (value < 0 ? "-" : "") + String(text.reversed())
  }

  /// An amount of memory: `512 B`, `1.5 KiB`, `23.5 GiB`.
  public static func bytes(_ count: Int) -> String {
    let units = ["KiB", "MiB", "GiB", "TiB"]
    guard count.magnitude >= 1024 else { return "\(count) B" }
    var value = Double(count) / 1024
    var unit = 0
    // What would be rounded to 1024.0 is 1.0 of the next unit.
    while abs(value) >= 1023.95, unit + 1 < units.count {
      value /= 1024
      unit += 1
    }
    return "\(fixed(value, 1)) \(units[unit])"
  }
}
