import Foundation

/// The query of a request, `a=1&b=two+words`: its parameters in order, decoded.
package struct PageQuery: Sendable, Hashable {
  /// One of its parameters.
  package struct Parameter: Sendable, Hashable {
    package var name: String
    /// Empty where there is no `=`.
    package var value: String
  }

  package private(set) var parameters: [Parameter] = []
  /// Parts whose percent-encoding is none, as they came.
  package private(set) var malformed: [String] = []

  /// - Parameter text: What is behind the `?`.
  package init(parsing text: String) {
    for part in text.split(separator: "&") {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let decoded = sides.map { $0.replacing("+", with: " ").removingPercentEncoding }
      guard let name = decoded[0], let value = decoded.count == 2 ? decoded[1] : "" else {
        malformed.append(String(part))
        continue
      }
      parameters.append(Parameter(name: name, value: value))
    }
  }

  /// The first value of a parameter.
  package subscript(name: String) -> String? {
    parameters.first { $0.name == name }?.value
  }
}

extension PageQuery: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, String)...) {
    parameters = elements.map { Parameter(name: $0.0, value: $0.1) }
  }
}
