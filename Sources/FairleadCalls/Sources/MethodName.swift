import FairleadDescriptors

/// A method's name, taken apart; nothing is looked up.
package struct MethodName: Sendable, Hashable {
  /// The full name of its service.
  package let service: String
  package let method: String

  /// `package.Service/Method`.
  package var path: String { "\(self.service)/\(self.method)" }

  /// - Parameter text: `package.Service/Method`, `/package.Service/Method` or `package.Service.Method`,
  ///   which may begin with a dot.
  package init(_ text: String) throws(DescriptorProblem) {
    let plain = text.first.map { "/.".contains($0) } == true ? text.dropFirst() : text[...]
    guard let end = plain.lastIndex(of: "/") ?? plain.lastIndex(of: "."), end != plain.startIndex,
      plain.index(after: end) != plain.endIndex, !plain[..<end].contains("/")
    else {
      throw DescriptorProblem(
        "'\(text.printable)' is no method: write it as package.Service/Method.")
    }
    self.service = String(plain[..<end])
    self.method = String(plain[plain.index(after: end)...])
  }
}
