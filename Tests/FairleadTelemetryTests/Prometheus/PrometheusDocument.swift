/// A text in Prometheus' format, read strictly enough to judge an encoder: every sample under its own family, no family
/// and no series twice.
struct PrometheusDocument {
  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  private(set) var types: [String: String] = [:]
  /// Value by series, `name{labels}` as it stands in the text.
  private(set) var samples: [String: String] = [:]
  /// The series in the order of the text.
  private(set) var order: [String] = []

  init(_ text: String) throws {
    guard text.hasSuffix("\n") else {
      throw Problem(description: "the last line does not end")
    }
    var helped = ""
    var family = ""
    for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
      let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
      if line.hasPrefix("# HELP ") {
        helped = String(words[2])
      } else if line.hasPrefix("# TYPE ") {
        family = String(words[2])
        guard helped == family, types.updateValue(String(words[3]), forKey: family) == nil else {
          throw Problem(description: "TYPE without HELP, or twice: \(line)")
        }
      } else {
        try addSample(line, family: family)
      }
    }
  }

  private mutating func addSample(_ line: Substring, family: String) throws {
    guard let space = line.lastIndex(of: " ") else {
      throw Problem(description: "no value: \(line)")
    }
    let series = String(line[..<space])
    let name = String(series.prefix { $0 != "{" })
    let names =
      types[family] == "histogram" ? ["_bucket", "_sum", "_count"].map { family + $0 } : [family]
    guard names.contains(name) else {
      throw Problem(description: "\(name) stands under \(family)")
    }
    guard samples.updateValue(String(line[line.index(after: space)...]), forKey: series) == nil
    else {
      throw Problem(description: "twice: \(series)")
    }
    order.append(series)
  }

  /// The value of the only series of this name whose labels contain all of these, as they stand in the text.
  func value(_ name: String, _ labels: String...) throws -> String {
    let found = samples.filter { series, _ in
      series.prefix { $0 != "{" } == name && labels.allSatisfy(series.contains)
    }
    guard found.count == 1, let value = found.first?.value else {
      throw Problem(description: "\(found.count) series \(name) with \(labels): \(found.keys)")
    }
    return value
  }
}
