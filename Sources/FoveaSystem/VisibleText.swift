/// The text with everything visible that could steer a terminal or turn the reading order round.
///
/// Names of files, classes and layers come from outside; a folder called `ESC ]0;…` must print as
/// `\u{1b}]0;…` and do nothing.
public func visible(_ text: String, limit: Int = 200) -> String {
  var result = ""
  var count = 0
  for scalar in text.unicodeScalars {
    if count == limit { return result + "…" }
    count += 1
    switch scalar {
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case _ where isHidden(scalar): result += "\\u{\(String(scalar.value, radix: 16))}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

/// Whether a scalar is a control or format character, or a line separator.
private func isHidden(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
  default: false
  }
}

/// A name from a file between quotation marks, without anything that could steer a terminal.
package func quoted(_ name: String) -> String { "“\(visible(name))”" }

/// A few of the words, and how many more there are.
package func listing(_ words: [String], limit: Int = 10) -> String {
  let shown = words.prefix(limit).joined(separator: ", ")
  return words.count > limit ? "\(shown), … and \(words.count - limit) more" : shown
}
