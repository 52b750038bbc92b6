/// A document in Prometheus' text format 0.0.4, written family by family.
struct PrometheusText: Sendable {
  enum Kind: String {
    case counter
    case gauge
    case histogram
  }

  private(set) var text = ""

  /// Begins a family: HELP and TYPE, once. Its samples follow before the next family begins.
  mutating func family(_ name: String, _ kind: Kind, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
  }

  mutating func sample(_ name: String, _ labels: LabelSet, _ value: some BinaryInteger) {
    sample(name, labels, text: String(value))
  }

  mutating func sample(_ name: String, _ labels: LabelSet, _ value: Double) {
    sample(name, labels, text: Self.number(value))
  }

  /// The buckets, cumulative and with `+Inf`, the sum and the count.
  mutating func histogram(_ name: String, _ labels: LabelSet, _ histogram: Histogram) {
    var cumulative: UInt64 = 0
    for (index, count) in histogram.counts.enumerated() {
      cumulative &+= count
      let bound = index < Self.boundTexts.count ? Self.boundTexts[index] : "+Inf"
      sample("\(name)_bucket", labels.adding("le", bound), cumulative)
    }
    sample("\(name)_sum", labels, histogram.sum)
    sample("\(name)_count", labels, cumulative)
  }

  private mutating func sample(_ name: String, _ labels: LabelSet, text value: String) {
    text += name
    if !labels.text.isEmpty {
      text += "{"
      text += labels.text
      text += "}"
    }
    text += " "
    text += value
    text += "\n"
  }

  private static let boundTexts = Histogram.bounds.map(number)

  /// Whole numbers without a fraction, so that `le` reads as Istio writes it.
  private static func number(_ value: Double) -> String {
    if let whole = Int64(exactly: value) {
      return String(whole)
    }
    return String(value)
  }
}
