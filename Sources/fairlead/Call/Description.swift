import FairleadDescriptors

/// One symbol as it is shown.
struct Description: Sendable {
  private let name: String
  private let kind: String
  private let proto: String
  /// An example in JSON.
  private let template: JSONValue?

  /// - Throws: `DescriptorProblem` if there is no such symbol.
  init(
    _ symbol: String, _ pool: DescriptorPool, withTemplate: Bool
  ) throws(DescriptorProblem) {
    let name = symbol.drop { $0 == "." }
    self.name = String(name)
    self.proto = try pool.describe(self.name)
    if let message = try? pool.message(named: self.name) {
      self.kind = "message"
      self.template = withTemplate ? pool.template(of: message) : nil
    } else if let method = try? pool.method(named: self.name) {
      self.kind = "method"
      self.template = withTemplate ? pool.template(of: method.request) : nil
    } else {
      self.kind =
        if (try? pool.service(named: self.name)) != nil {
          "service"
        } else if (try? pool.enumeration(named: self.name)) != nil {
          "enum"
        } else {
          "extension"
        }
      self.template = nil
    }
  }

  /// Text of a .proto file, with a comment that says what it is.
  var text: String {
    let article = "aeiou".contains(self.kind.prefix(1)) ? "an" : "a"
    var text = "// \(self.name.printable) is \(article) \(self.kind):\n"
    text += self.proto.printable(keepingLines: true)
    if let template = self.template {
      text += "\n\nMessage template:\n\(template.text(indentation: 2))"
    }
    return text
  }

  var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("name", .string(self.name)), .init("kind", .string(self.kind)),
      .init("proto", .string(self.proto)),
    ]
    if let template = self.template { members.append(.init("template", template)) }
    return .object(members)
  }
}
