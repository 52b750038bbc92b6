import ArgumentParser

/// Numbers with commas between them: `1,3`. Never empty, none twice.
struct CountsArgument: Sendable, Hashable {
  let counts: [Int]

  init(_ counts: [Int]) {
    self.counts = counts
  }
}

extension CountsArgument: SpelledArgument {
  static let spelling = "write whole numbers with commas between them, none twice, such as 1,3."

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let counts = parts.compactMap { Int($0) }
    guard counts.count == parts.count, Set(counts).count == counts.count else { return nil }
    self.init(counts)
  }

  var defaultValueDescription: String {
    self.counts.map(String.init).joined(separator: ",")
  }
}
