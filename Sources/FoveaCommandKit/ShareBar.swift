/// A share of the whole as a bar of characters, to an eighth of one where the locale has them.
public enum ShareBar {
  private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  /// A bar of at most `width` characters, filled up with spaces.
  public static func text(_ share: Double, width: Int, isUnicode: Bool) -> String {
    let steps = isUnicode ? 8 : 1
    let whole = Double(width * steps)
    let length = share.isFinite ? Int((whole * max(0, min(1, share))).rounded()) : 0
    let full = String(repeating: isUnicode ? "█" : "#", count: length / steps)
    let bar = full + (isUnicode ? eighths[length % steps] : "")
    return bar + String(repeating: " ", count: width - bar.count)
  }
}
