/// A name from a file between quotation marks, without anything that could steer a terminal.
func quoted(_ name: String) -> String { "“\(visible(name))”" }

/// The text with control and format characters made visible, cut after `limit` scalars.
func visible(_ text: String, limit: Int = 200) -> String {
  var result = ""
  for (count, scalar) in text.unicodeScalars.enumerated() {
    if count == limit { return result + "…" }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
      result += "\\u{\(String(scalar.value, radix: 16))}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

/// A few of the words, and how many more there are.
func listing(_ words: [String], limit: Int = 10) -> String {
  let shown = words.prefix(limit).joined(separator: ", ")
  return words.count > limit ? "\(shown), … and \(words.count - limit) more" : shown
}
